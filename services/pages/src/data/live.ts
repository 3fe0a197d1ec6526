// One stream of the owner's tasks for all pages. While the page is hidden it is left: a browser allows six
// connections to a server in all its tabs (HTTP/1.1), and a stream that nobody looks at must not hold one.

import { signal } from '@preact/signals';
import { client, type TaskSummary } from './client.js';
import { apiKey } from './key.js';

export type Connection = 'connecting' | 'live' | 'lost' | 'offline';

/** Whether what is shown is kept up to date. */
export const connection = signal<Connection>(navigator.onLine ? 'connecting' : 'offline');

/** Milliseconds for which events are gathered: a thousand tasks in a second make a few updates, not a thousand. */
const GATHER_MS = 200;
/** After the stream has given up, which takes the client about a minute of tries. */
const AGAIN_MS = 5_000;
/** So long may a page be hidden before its stream is left. */
const HIDDEN_MS = 20_000;

export interface LiveListener {
  /** Tasks that are new or have changed, each once, as they are now. */
  onTasks?: (tasks: TaskSummary[]) => void;
  /** The feeds of these subscriptions have changed. */
  onFeeds?: (ids: string[]) => void;
  /** Changes may have been missed: load again what is shown. */
  onReset?: () => void;
}

const listeners = new Set<LiveListener>();
const gathered = new Map<string, TaskSummary>();
const gatheredFeeds = new Set<string>();
let running: AbortController | undefined;
let gathering: ReturnType<typeof setTimeout> | undefined;
let hiding: ReturnType<typeof setTimeout> | undefined;

/** Tells the listener of changes until the returned function is called. */
export function listen(listener: LiveListener): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

/** To be called once: begins, and follows the network and the visibility of the page. */
export function followBrowser(): void {
  addEventListener('offline', () => {
    stop();
    connection.value = 'offline';
  });
  addEventListener('online', restart);
  document.addEventListener('visibilitychange', () => {
    clearTimeout(hiding);
    if (document.hidden) hiding = setTimeout(stop, HIDDEN_MS);
    else if (!running) restart();
  });
  let key = apiKey.value;
  apiKey.subscribe((now) => {
    if (now !== key && running) restart();
    key = now;
  });
  start();
}

function restart(): void {
  stop();
  connection.value = 'connecting';
  start();
  reset();
}

function stop(): void {
  running?.abort();
  running = undefined;
}

function start(): void {
  if (running || !navigator.onLine) return;
  running = new AbortController();
  void follow(running.signal);
}

async function follow(ended: AbortSignal): Promise<void> {
  let wasLost = false;
  const onConnection = (now: 'open' | 'lost'): void => {
    if (ended.aborted) return;
    if (now === 'lost') connection.value = navigator.onLine ? 'lost' : 'offline';
    else {
      connection.value = 'live';
      // The stream itself says what was missed; pages also show what it does not tell of.
      if (wasLost) reset();
    }
    wasLost = now === 'lost';
  };
  while (!ended.aborted) {
    try {
      for await (const event of client().events({ signal: ended, onConnection }))
        if (event.event === 'reset') reset();
        else if (event.event === 'feed') gather({ feed: event.feed });
        else gather({ task: event.task });
    } catch {
      // Shown as lost; what went wrong is told by the page whose own request fails.
      onConnection('lost');
    }
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
  }
}

function gather({ task, feed }: { task?: TaskSummary; feed?: string }): void {
  if (task) gathered.set(task.id, task);
  if (feed !== undefined) gatheredFeeds.add(feed);
  gathering ??= setTimeout(() => {
    gathering = undefined;
    const tasks = [...gathered.values()];
    gathered.clear();
    const feeds = [...gatheredFeeds];
    gatheredFeeds.clear();
    for (const { onTasks, onFeeds } of [...listeners]) {
      if (tasks.length > 0) onTasks?.(tasks);
      if (feeds.length > 0) onFeeds?.(feeds);
    }
  }, GATHER_MS);
}

function reset(): void {
  for (const { onReset } of [...listeners]) onReset?.();
}
