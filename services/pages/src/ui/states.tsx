import type { ComponentChildren } from 'preact';
import type { Resource } from '../data/use-resource.js';
import { ErrorState } from './error-state.js';

/** Where there is nothing: why, and what to do about it. */
export function EmptyState({ title, children }: { title: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <h2>{title}</h2>
      {children}
    </div>
  );
}

/** As high as what will be there: `rows` lines of a list, or a `height` of CSS. Shown after a short while only. */
export function Loading({
  rows = 5,
  height,
  label = 'Loading',
}: {
  rows?: number;
  height?: string;
  label?: string;
}) {
  return (
    <div class="loading" aria-busy="true">
      <span class="unseen">{label}…</span>
      {height ? (
        <div class="bone" style={{ height }} />
      ) : (
        Array.from({ length: rows }, (_, index) => <div key={index} class="bone row" />)
      )}
    </div>
  );
}

interface LoadedProps<T> {
  resource: Resource<T>;
  children: (data: T) => ComponentChildren;
  loading?: ComponentChildren;
}

/** Loading, error or content of a resource. What was there stays when loading it again fails, below the error. */
export function Loaded<T>({ resource, children, loading }: LoadedProps<T>) {
  const { data, error, reload } = resource;
  return (
    <>
      {error !== undefined && <ErrorState error={error} onRetry={reload} />}
      {data === undefined ? error === undefined && (loading ?? <Loading />) : children(data)}
    </>
  );
}
