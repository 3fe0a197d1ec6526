import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { TaskSummary } from './client.js';
import { connection, listen } from './live.js';

export interface Resource<T> {
  /** Undefined until the first answer; kept while it is loaded again, and when that fails. */
  data: T | undefined;
  /** Of the last load; undefined once one succeeds. */
  error: unknown;
  loading: boolean;
  /** Resolves when the answer is there; never rejects. */
  reload: () => Promise<void>;
  /** Shows what is known before it is loaded again, e.g. after an action. */
  change: (update: (data: T) => T) => void;
}

export interface ResourceOptions {
  /** Loads again after so many milliseconds, while the page is visible. */
  everyMs?: number;
  /** Loads again when a task changes for which this is true; at most once a second. */
  when?: (task: TaskSummary) => boolean;
}

const AT_MOST_EVERY_MS = 1_000;

/**
 * What the API has at an address, loaded anew when `deps` change, and after a lost connection has come back.
 * @param load e.g. `(signal) => answerOf(api().GET('/v1/queues', { signal }))`
 */
export function useResource<T>(
  load: (signal: AbortSignal) => Promise<T>,
  deps: readonly unknown[],
  { everyMs, when }: ResourceOptions = {},
): Resource<T> {
  const [state, setState] = useState<{ data?: T; error?: unknown; loading: boolean }>({ loading: true });
  const latest = useRef({ load, when });
  latest.current = { load, when };
  const last = useRef<AbortController | undefined>(undefined);

  const reload = useCallback(async () => {
    last.current?.abort();
    const mine = (last.current = new AbortController());
    setState((before) => ({ ...before, loading: true }));
    try {
      const data = await latest.current.load(mine.signal);
      if (!mine.signal.aborted) setState({ data, loading: false });
    } catch (error) {
      if (!mine.signal.aborted) setState(({ data }) => ({ data, error, loading: false }));
    }
  }, []);

  useEffect(() => {
    setState({ loading: true });
    void reload();
    return () => last.current?.abort();
  }, deps);
  useEffect(
    () =>
      reloadOnChange(
        () => void reload(),
        (task) => latest.current.when?.(task) ?? false,
      ),
    [],
  );
  useEffect(() => {
    if (everyMs === undefined) return;
    const timer = setInterval(() => {
      if (!document.hidden && connection.value !== 'offline') void reload();
    }, everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);

  const change = useCallback((update: (data: T) => T) => {
    setState((before) => (before.data === undefined ? before : { ...before, data: update(before.data) }));
  }, []);
  return { data: state.data, error: state.error, loading: state.loading, reload, change };
}

/** At once, then at most once a second however many tasks change. */
function reloadOnChange(reload: () => void, wanted: (task: TaskSummary) => boolean): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let lastAt = -AT_MOST_EVERY_MS;
  const now = (): void => {
    timer = undefined;
    lastAt = performance.now();
    reload();
  };
  const stop = listen({
    onTasks: (tasks) => {
      if (tasks.some(wanted))
        timer ??= setTimeout(now, Math.max(0, lastAt + AT_MOST_EVERY_MS - performance.now()));
    },
    onReset: now,
  });
  return () => {
    stop();
    clearTimeout(timer);
  };
}
