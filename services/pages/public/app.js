// @ts-check
// Wires the page: the form makes a task, the task is watched, its end is shown. `?task=ID` in the address names
// the task that is shown, so that reload, back and a sent link show the same.

import { byId } from './element.js';
import { failureOfTask, showFailure } from './failure-view.js';
import { feedAddress } from './feed-address.js';
import { feedTitle, showFeed } from './feed-view.js';
import { listenToKeys } from './keys.js';
import { ProgressView } from './progress-view.js';
import { RecentFeeds } from './recent-feeds.js';
import { showRecent } from './recent-view.js';
import { ApiAway, ApiRefusal, createTask, watchTask } from './tasks-api.js';
import { durationText, refreshTimes } from './times.js';

/** @typedef {import('./tasks-api.js').Task} Task */

const TYPE = 'feed.fetch';
const NAME = document.title;

const form = /** @type {HTMLFormElement} */ (byId('ask'));
const address = /** @type {HTMLInputElement} */ (byId('url'));
const feedSection = byId('feed');
const failureSection = byId('failure');
const recent = new RecentFeeds();
const progress = new ProgressView(byId('progress'), announce, stopWatching);

/** Of what is being watched now; a newer one aborts the older. */
let watching = new AbortController();

form.addEventListener('submit', (event) => {
  event.preventDefault();
  const { url, fault } = feedAddress(address.value);
  showFault(fault ?? '');
  if (url) void read(url);
});
address.addEventListener('input', () => showFault(''));
byId('examples').addEventListener('click', ({ target }) => {
  if (target instanceof HTMLButtonElement) void read(target.value);
});
addEventListener('popstate', () => void restore());
setInterval(refreshTimes, 60_000);
listenToKeys(feedSection, address);
showRecent(byId('recent'), recent, (url) => void read(url));
void restore();

/**
 * Fetches a feed: a new task, watched until it ends.
 *
 * @param {string} url
 */
async function read(url) {
  const { signal } = begin(url);
  progress.begin('Sending the task…');
  try {
    const task = await createTask(TYPE, { url }, signal);
    history.pushState(null, '', `?task=${task.id}`);
    await watch(task.id, url, signal, task);
  } catch (error) {
    if (!signal.aborted) refused(error, () => void read(url));
  }
}

/** Shows the task that the page's address names, or the empty page. */
async function restore() {
  const id = new URLSearchParams(location.search).get('task');
  if (!id) return showHome();
  const { signal } = begin('');
  progress.begin('Looking for the task…');
  try {
    await watch(id, '', signal);
  } catch (error) {
    const gone = error instanceof ApiRefusal && error.status < 500;
    if (gone && !signal.aborted) showGone();
    else if (!signal.aborted) refused(error, () => void restore());
  }
}

/**
 * @param {string} id
 * @param {string} url  the feed's; empty when only the task knows it
 * @param {AbortSignal} signal
 * @param {Task} [first]  the task as it is known already
 */
async function watch(id, url, signal, first) {
  let asked = url;
  if (first) progress.show(first, hostOf(asked));
  for await (const seen of watchTask(id, signal)) {
    if ('awayFor' in seen) {
      progress.showAway(seen.awayFor);
      continue;
    }
    const { task } = seen;
    if (!asked) {
      asked = String(task.input?.url ?? '');
      address.value = asked;
      progress.countFrom(task.createdAt);
    }
    progress.show(task, hostOf(asked));
    showEnd(task, asked);
  }
}

/**
 * @param {Task} task
 * @param {string} url
 */
function showEnd(task, url) {
  const again = { label: 'Try again', act: () => void read(url) };
  const facts = { taskId: task.id, attempts: task.attempt };
  if (task.type !== TYPE) {
    const message = `Task ${task.id} is of the type ${task.type}. Its JSON shows how it stands.`;
    return fail({ title: 'This task did not fetch a feed', message, taskId: task.id }, null);
  }
  if (task.state === 'failed') {
    const error = task.error ?? { code: 'unknown', message: 'The task failed without saying why.' };
    return fail({ ...failureOfTask(error), ...facts }, again);
  }
  if (task.state === 'cancelled') {
    return fail({ title: 'The fetch was cancelled', message: 'Nothing was read.', ...facts }, again);
  }
  if (task.state !== 'succeeded') return;
  progress.end();
  showFeed(feedSection, task.result, { task, took: tookText(task), choose: (feed) => void read(feed) });
  const title = feedTitle(task.result);
  document.title = `${title} · ${NAME}`;
  recent.remember({ url, title });
  showRecent(byId('recent'), recent, (chosen) => void read(chosen));
  const several = task.result.found?.length;
  announce(
    several ? `${title}: ${several} feeds to choose from.` : `${title}: ${task.result.total} entries.`,
  );
}

/** @param {Task} task */
function tookText({ createdAt, endedAt }) {
  const took = new Date(endedAt ?? Number.NaN).getTime() - new Date(createdAt ?? Number.NaN).getTime();
  return durationText(Number.isNaN(took) ? progress.elapsed : took);
}

/**
 * The API refused or is away: nothing was started, or nothing more is known of it.
 *
 * @param {unknown} error
 * @param {() => void} act
 */
function refused(error, act) {
  const again = { label: 'Try again', act };
  if (error instanceof ApiRefusal && error.status === 422) {
    showHome();
    showFault(error.faults.map(({ detail }) => detail).join(' ') || error.message);
  } else if (error instanceof ApiRefusal) {
    fail({ title: 'The server did not take the task', message: error.message }, again);
  } else if (error instanceof ApiAway) {
    const message = 'It is not known whether it took the task; sending it again does no harm.';
    const advice = 'Check your connection, and that Offload is running.';
    fail({ title: 'The server does not answer', message, advice }, again);
  } else {
    const message = error instanceof Error ? error.message : String(error);
    fail({ title: 'This page made a mistake', message, advice: 'Reload it, and report this.' }, again);
  }
}

function showGone() {
  const message = 'Results are kept for some days, then they are removed with their task.';
  fail({ title: 'There is no such task any more', message, advice: 'Fetch the feed again.' }, null);
}

/**
 * @param {import('./failure-view.js').Failure} failure
 * @param {{ label: string, act: () => void } | null} action
 */
function fail(failure, action) {
  progress.end();
  showFailure(failureSection, failure, action);
  document.title = `${failure.title} · ${NAME}`;
  announce(`${failure.title}. ${failure.message}`);
}

/**
 * Clears the page for what comes, and ends the watching of what was before.
 *
 * @param {string} url
 */
function begin(url) {
  watching.abort();
  watching = new AbortController();
  if (url) address.value = url;
  showFault('');
  // The button that was pressed is about to go; the keyboard must not be sent back to the top.
  if (byId('main').contains(document.activeElement)) byId('main').focus({ preventScroll: true });
  byId('welcome').hidden = true;
  feedSection.hidden = true;
  failureSection.hidden = true;
  document.title = NAME;
  return watching;
}

function showHome() {
  begin('');
  progress.end();
  byId('welcome').hidden = false;
}

function stopWatching() {
  history.pushState(null, '', '/');
  showHome();
  announce('No longer watching. The task goes on.');
  address.focus();
}

/** @param {string} text  empty: no fault */
function showFault(text) {
  byId('url-fault').textContent = text;
  address.setAttribute('aria-invalid', String(text !== ''));
  if (text) address.focus();
}

/** @param {string} text */
function announce(text) {
  byId('announcement').textContent = text;
}

/** @param {string} url */
function hostOf(url) {
  return URL.canParse(url) ? new URL(url).host : 'the site';
}
