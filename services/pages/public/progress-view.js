// @ts-check
// The way of one task while it is under way: what happens now, the four steps, attempt and elapsed time.

import { element } from './element.js';
import { taskPath } from './tasks-api.js';
import { durationText } from './times.js';

/** @typedef {import('./tasks-api.js').Task} Task */

const STEPS = ['Accepted', 'Waiting', 'Fetching', 'Done'];

/** From here on a person wonders whether anybody works at all. Milliseconds. */
const LONG_WAIT = 10_000;

export class ProgressView {
  #steps = STEPS.map((name) => element('li', {}, name));
  #says = element('p', { class: 'says' });
  #elapsed = element('p', { class: 'elapsed', 'aria-hidden': 'true' });
  #bar = element('progress', { 'aria-label': 'Progress of the task' });
  #facts = element('p', { class: 'facts' });
  #hint = element('p', { class: 'hint' });
  #section;
  #announce;
  #startedAt = 0;
  #waitingSince = 0;
  #announced = '';
  /** Why the last attempt failed; empty when none did. */
  #lastFailure = '';
  /** @type {string | null} when the next attempt is due */
  #dueAt = null;
  #awayFor = 0;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #timer;

  /**
   * @param {HTMLElement} section
   * @param {(text: string) => void} announce  said to screen readers, once per change
   * @param {() => void} onStop
   */
  constructor(section, announce, onStop) {
    this.#section = section;
    this.#announce = announce;
    const stop = element('button', { type: 'button', class: 'quiet' }, 'Stop watching');
    stop.addEventListener('click', onStop);
    section.append(
      element('div', { class: 'now' }, this.#says, this.#elapsed),
      this.#bar,
      element('ol', { class: 'steps', 'aria-label': 'Steps' }, ...this.#steps),
      element('div', { class: 'more' }, this.#facts, stop),
      this.#hint,
    );
  }

  /** Milliseconds since `begin`. */
  get elapsed() {
    return performance.now() - this.#startedAt;
  }

  /**
   * Counts from when the task was made, which may be long before it is watched.
   *
   * @param {string | null | undefined} createdAt  ISO 8601
   */
  countFrom(createdAt) {
    const ago = Date.now() - new Date(createdAt ?? Number.NaN).getTime();
    if (ago > 0) this.#startedAt = performance.now() - ago;
  }

  /**
   * Shows at once that something goes on, before anything was sent.
   *
   * @param {string} text  what goes on
   */
  begin(text) {
    this.#startedAt = performance.now();
    this.#waitingSince = performance.now();
    this.#announced = '';
    this.#facts.replaceChildren();
    this.#lastFailure = '';
    this.#dueAt = null;
    this.#awayFor = 0;
    this.#say(text, 0);
    this.#bar.removeAttribute('value');
    this.#section.hidden = false;
    clearInterval(this.#timer);
    const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    this.#timer = setInterval(() => this.#tick(), calm ? 1000 : 100);
    this.#tick();
  }

  /**
   * @param {Task} task
   * @param {string} host  whom it asks
   */
  show(task, host) {
    this.#awayFor = 0;
    if (task.state !== 'queued') this.#waitingSince = performance.now();
    const { text, step } = describe(task, host);
    this.#say(text, step);
    const { done, total } = task.progress ?? { done: 0, total: null };
    if (task.state === 'running' && total) {
      this.#bar.max = total;
      this.#bar.value = done;
    } else {
      this.#bar.removeAttribute('value');
    }
    const json = element('a', { href: taskPath(task.id), title: 'The task as JSON' }, task.id);
    const attempt = task.attempt > 0 ? `Attempt ${task.attempt} of ${task.attemptLimit} · ` : '';
    this.#facts.replaceChildren(`${attempt}Task `, json);
    this.#lastFailure = task.error && task.attempt > 0 ? task.error.message : '';
    this.#dueAt = task.state === 'scheduled' && task.attempt > 0 ? (task.dueAt ?? null) : null;
    this.#tick();
  }

  /** @param {number} milliseconds  until the server is asked again */
  showAway(milliseconds) {
    this.#say('The server does not answer', null);
    this.#awayFor = milliseconds;
    this.#tick();
  }

  end() {
    clearInterval(this.#timer);
    this.#section.hidden = true;
  }

  /**
   * @param {string} text
   * @param {number | null} step  null: the steps stay as they are
   */
  #say(text, step) {
    this.#says.textContent = text;
    if (this.#announced !== text) this.#announce(text);
    this.#announced = text;
    if (step === null) return;
    this.#steps.forEach((item, index) => {
      item.className = index < step ? 'past' : index === step ? 'current' : '';
      if (index === step) item.setAttribute('aria-current', 'step');
      else item.removeAttribute('aria-current');
    });
  }

  #tick() {
    this.#elapsed.textContent = durationText(this.elapsed);
    const hint = this.#hintText();
    if (this.#hint.textContent !== hint) this.#hint.textContent = hint;
  }

  #hintText() {
    if (this.#awayFor > 0) {
      const seconds = Math.max(1, Math.round(this.#awayFor / 1000));
      return `An accepted task is safe meanwhile. Asking again in ${seconds} s.`;
    }
    if (this.#lastFailure) {
      const left = Math.round((new Date(this.#dueAt ?? 0).getTime() - Date.now()) / 1000);
      return `Why the last attempt failed: ${this.#lastFailure}${left > 0 ? ` Next in ${left} s.` : ''}`;
    }
    if (performance.now() - this.#waitingSince < LONG_WAIT) return '';
    return 'No worker has taken it yet. All may be busy, or none is running; the task waits safely.';
  }
}

/**
 * @param {Task} task
 * @param {string} host
 */
function describe({ state, attempt, progress }, host) {
  switch (state) {
    case 'blocked':
      return { text: 'Waiting for another task', step: 1 };
    case 'scheduled':
      if (attempt > 0) return { text: `Attempt ${attempt} did not work; trying again soon`, step: 1 };
      return { text: 'Accepted, on its way to a worker', step: 1 };
    case 'queued':
      return { text: attempt > 0 ? 'Waiting for the next attempt' : 'Waiting for a worker', step: 1 };
    case 'running':
      return { text: progress?.note ? `Fetching ${host}: ${progress.note}` : `Fetching ${host}`, step: 2 };
    default:
      return { text: 'Done', step: 3 };
  }
}
