// @ts-check
// The API as the demo uses it. Every request has a time limit of its own.

import { SetupFailure } from './failure.mjs';

/** Milliseconds of one request. */
const REQUEST = 15_000;
/** Milliseconds between two looks at a task: often enough for a progress bar. */
const LOOK = 150;

/**
 * @typedef {object} Task
 * @property {string} id
 * @property {string} type
 * @property {'blocked' | 'scheduled' | 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled'} state
 * @property {number} attempt
 * @property {number} attemptLimit
 * @property {{ done: number, total: number | null, note: string | null } | null} progress
 * @property {any} result
 * @property {{ code: string, message: string } | null} error
 */

export class DemoApi {
  #url;
  #signal;

  /**
   * @param {string} url  of the API
   * @param {AbortSignal} signal  ends every request
   */
  constructor(url, signal) {
    this.#url = url;
    this.#signal = signal;
  }

  /**
   * @param {string} type
   * @param {Record<string, unknown>} input
   * @returns {Promise<Task>}
   */
  submit(type, input) {
    return this.#json('/v1/tasks', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ type, input }),
    });
  }

  /**
   * @param {string} name
   * @param {string} type  media type
   * @param {Buffer} body
   * @returns {Promise<{ id: string, size: number, sha256: string }>}
   */
  upload(name, type, body) {
    return this.#json(`/v1/files?name=${encodeURIComponent(name)}`, {
      method: 'POST',
      headers: { 'content-type': type },
      body: new Uint8Array(body),
    });
  }

  /**
   * @param {string} id
   * @returns {Promise<Task>}
   */
  task(id) {
    return this.#json(`/v1/tasks/${id}`, {});
  }

  /**
   * The task each time it was looked at, until it has ended.
   * @param {string} id
   * @param {number} limit  milliseconds in all
   * @returns {AsyncGenerator<Task>}
   */
  async *watch(id, limit) {
    const until = performance.now() + limit;
    for (;;) {
      const task = await this.task(id);
      yield task;
      if (['succeeded', 'failed', 'cancelled'].includes(task.state)) return;
      if (performance.now() > until) throw tooLate(task, limit);
      await new Promise((resolve) => setTimeout(resolve, LOOK));
    }
  }

  /**
   * @param {string} path
   * @returns {Promise<number>} the bytes of a file as they come
   */
  async bytesOf(path) {
    const response = await this.#request(path, {});
    return (await response.arrayBuffer()).byteLength;
  }

  /**
   * @param {string} path
   * @param {RequestInit} init
   * @returns {Promise<any>}
   */
  async #json(path, init) {
    const response = await this.#request(path, init);
    return response.json();
  }

  /**
   * @param {string} path
   * @param {RequestInit} init
   */
  async #request(path, init) {
    const signal = AbortSignal.any([this.#signal, AbortSignal.timeout(REQUEST)]);
    const response = await fetch(this.#url + path, { ...init, signal }).catch((error) => {
      this.#signal.throwIfAborted();
      throw noAnswer(this.#url, error);
    });
    if (response.ok) return response;
    const body = await response.text();
    throw new SetupFailure(`${init.method ?? 'GET'} ${path} was answered with ${response.status}`, body, [
      'the body above is a problem document (RFC 9457); its detail says what is wrong',
    ]);
  }
}

/**
 * @param {string} url
 * @param {unknown} error
 */
function noAnswer(url, error) {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  return new SetupFailure(`The API at ${url} does not answer`, String(cause), [
    'look at the terminal of `npm start`, or at .local/log/',
  ]);
}

/**
 * @param {Task} task
 * @param {number} limit
 */
function tooLate({ id, type, state }, limit) {
  return new SetupFailure(
    `${type} did not end within ${limit / 1000} s`,
    `Task ${id} is ${state}.`,
    state === 'queued' || state === 'scheduled'
      ? ['no worker has taken it: is one of its type running? See the terminal of `npm start`']
      : ['look at the log of its worker in .local/log/'],
  );
}
