import { ApiUnreachable, ProblemError } from '@offload/client';
import { openKeyDialog } from '../data/key.js';
import { Button } from './button.js';

/** What a person reads of an error: the problem's detail, which says what to do. */
export function messageOf(error: unknown): string {
  if (error instanceof ApiUnreachable) return 'The server does not answer. What it has accepted is safe.';
  return error instanceof Error ? error.message : String(error);
}

const titleOf = (error: unknown): string => {
  if (error instanceof ApiUnreachable) return 'The server does not answer';
  if (!(error instanceof ProblemError)) return 'This did not work';
  if (error.status === 401) return 'This server needs a key';
  if (error.status === 403) return 'This key may not do that';
  if (error.status === 404) return 'There is no such thing (any more)';
  if (error.status >= 500) return 'The server cannot do that at the moment';
  return 'The server refused this';
};

interface ErrorStateProps {
  error: unknown;
  /** Shown as "Try again". */
  onRetry?: () => unknown;
  title?: string;
}

/** In place of what could not be loaded, or above what is shown of before. Says what is wrong and what to do. */
export function ErrorState({ error, onRetry, title }: ErrorStateProps) {
  const problem = error instanceof ProblemError ? error : undefined;
  return (
    <div class="notice danger" role="alert">
      <h2>{title ?? titleOf(error)}</h2>
      <p>{messageOf(error)}</p>
      {problem && problem.errors.length > 1 && (
        <ul>
          {problem.errors.map(({ pointer, parameter, detail }) => (
            <li key={`${pointer ?? parameter}${detail}`}>
              <code>{pointer ?? parameter}</code> {detail}
            </li>
          ))}
        </ul>
      )}
      <p class="actions">
        {problem?.status === 401 && (
          <Button kind="primary" onClick={() => openKeyDialog().then((key) => key !== null && onRetry?.())}>
            Enter a key
          </Button>
        )}
        {onRetry && <Button onClick={onRetry}>Try again</Button>}
        {problem && (
          <small class="soft">
            {problem.code}
            {problem.requestId && <> · request {problem.requestId}</>}
          </small>
        )}
      </p>
    </div>
  );
}
