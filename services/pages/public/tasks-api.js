// @ts-check
// The API as this page uses it: create a task, watch it until it ends.

import { askForKey, keyHeader } from './api-key.js';

/**
 * @typedef {'blocked' | 'scheduled' | 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled'} TaskState
 * @typedef {object} Task
 * @property {string} id
 * @property {string} type
 * @property {TaskState} state
 * @property {number} attempt
 * @property {number} attemptLimit
 * @property {{ done: number, total: number | null, note: string | null } | null} [progress]
 * @property {Record<string, any> | null} [input]
 * @property {any} [result]
 * @property {{ code: string, message: string } | null} [error]
 * @property {string | null} [createdAt]
 * @property {string | null} [endedAt]
 * @property {string | null} [dueAt]
 */

/** Seconds that the API may hold an answer back; short, so that a change of state is seen within it. */
const WAIT = 1;
/** As long as nobody looks. */
const WAIT_HIDDEN = 20;
/** A server that does not wait must not be asked in a tight loop. Milliseconds. */
const LEAST_PAUSE = 250;
const LONGEST_PAUSE = 10_000;

/** The API answered and refused: its problem document (RFC 9457). */
export class ApiRefusal extends Error {
  /**
   * @param {number} status
   * @param {{ title?: string, detail?: string, errors?: { pointer: string, detail: string }[] }} problem
   */
  constructor(status, problem) {
    super(problem.detail ?? problem.title ?? `The API answered with status ${status}.`);
    this.name = 'ApiRefusal';
    this.status = status;
    /** @type {{ pointer: string, detail: string }[]} */
    this.faults = problem.errors ?? [];
  }
}

/** The API did not answer at all. */
export class ApiAway extends Error {
  /** @param {unknown} cause */
  constructor(cause) {
    super('The server does not answer.', { cause });
    this.name = 'ApiAway';
  }
}

/**
 * @param {string} id
 * @returns {string} where a task's JSON is
 */
export const taskPath = (id) => `/v1/tasks/${encodeURIComponent(id)}`;

/**
 * Rejects with ApiRefusal or ApiAway.
 *
 * @param {string} type
 * @param {Record<string, unknown>} input
 * @param {AbortSignal} signal
 * @returns {Promise<Task>}
 */
export function createTask(type, input, signal) {
  return request('/v1/tasks', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ type, input }),
    signal,
  });
}

/**
 * Yields the task each time it was read, until it has ended. While the server is away it yields how long until
 * it is asked again (milliseconds), and goes on: the task is safe meanwhile. Rejects with ApiRefusal (404: there
 * is no such task any more) and when the signal aborts.
 *
 * @param {string} id
 * @param {AbortSignal} signal
 * @returns {AsyncGenerator<{ task: Task } | { awayFor: number }>}
 */
export async function* watchTask(id, signal) {
  let wait = 0;
  let failures = 0;
  for (;;) {
    const askedAt = performance.now();
    try {
      const headers = wait > 0 ? { prefer: `wait=${wait}` } : undefined;
      const task = await request(taskPath(id), { headers, signal, cache: 'no-store' });
      failures = 0;
      yield { task };
      if (hasEnded(task)) return;
    } catch (error) {
      signal.throwIfAborted();
      if (!isPassing(error)) throw error;
      failures++;
      const awayFor = Math.min(LONGEST_PAUSE, 500 * 2 ** failures);
      yield { awayFor };
      await pause(awayFor, signal);
    }
    await pause(LEAST_PAUSE - (performance.now() - askedAt), signal);
    wait = document.hidden ? WAIT_HIDDEN : WAIT;
  }
}

/** @param {Task} task */
export const hasEnded = (task) => ['succeeded', 'failed', 'cancelled'].includes(task.state);

/** @param {unknown} error */
function isPassing(error) {
  if (error instanceof ApiAway) return true;
  return error instanceof ApiRefusal && (error.status >= 500 || error.status === 429);
}

/**
 * @param {string} path
 * @param {RequestInit} init
 * @returns {Promise<any>}
 */
async function request(path, init) {
  try {
    const response = await fetch(path, { ...init, headers: { ...init.headers, ...keyHeader() } });
    const body = await response.text();
    if (response.status === 401) {
      await askForKey(init.signal);
      if (keyHeader().authorization) return request(path, init);
    }
    if (!response.ok) throw new ApiRefusal(response.status, problemOf(body));
    return JSON.parse(body);
  } catch (error) {
    init.signal?.throwIfAborted();
    if (error instanceof ApiRefusal) throw error;
    throw new ApiAway(error);
  }
}

/**
 * A proxy in between may answer with HTML; then the status has to do.
 *
 * @param {string} body
 */
function problemOf(body) {
  try {
    const problem = JSON.parse(body);
    return typeof problem === 'object' && problem !== null ? problem : {};
  } catch {
    return {};
  }
}

/**
 * @param {number} milliseconds
 * @param {AbortSignal} signal
 * @returns {Promise<void>}
 */
function pause(milliseconds, signal) {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, milliseconds);
    signal.addEventListener('abort', stop, { once: true });
  });
}
