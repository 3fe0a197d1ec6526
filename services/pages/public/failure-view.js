// @ts-check
// A failure that a person can act on: what happened, what to do, and a button that does it.

import { element } from './element.js';
import { taskPath } from './tasks-api.js';

/**
 * @typedef {object} Failure
 * @property {string} title
 * @property {string} message
 * @property {string} [advice]
 * @property {string} [code]
 * @property {string} [taskId]
 * @property {number} [attempts]
 */

/** By the code of a task's error: what it means here, and advice where its own message has none. */
const KNOWN = [
  { codes: /^(not-a-feed|too-complex)$/, title: 'This is not a feed' },
  { codes: /^(host-not-found|invalid-url|input-invalid)$/, title: 'There is no such site' },
  { codes: /^address-refused$/, title: 'This address must not be fetched' },
  { codes: /^http-(404|410)$/, title: 'The feed is not there' },
  { codes: /^http-(401|403|407)$/, title: 'The site refuses access to this feed' },
  { codes: /^http-429$/, title: 'The site asks for fewer requests' },
  {
    codes: /^timeout$/,
    title: 'The site took too long to answer',
    advice: 'It may be busy. Try again later.',
  },
  {
    codes:
      /^(connect-failed|connection-lost|truncated-body|dns-failed|bad-response|bad-encoding|http-5\d\d)$/,
    title: 'The site cannot be reached, or is out of order',
    advice: 'Check the address, or try again in a few minutes.',
  },
  { codes: /^tls-failed$/, title: 'The site has no valid certificate' },
  { codes: /^(too-large|headers-too-large|result-too-large)$/, title: 'The feed is too large' },
  {
    codes: /^(worker-crashed|delivery-limit|result-invalid|handed-back)$/,
    title: 'The fetch failed on our side',
    advice: 'Try again. If it fails again, report the task with its number.',
  },
];

/**
 * @param {{ code: string, message: string }} error
 * @returns {Failure}
 */
export function failureOfTask({ code, message }) {
  const known = KNOWN.find(({ codes }) => codes.test(code));
  return {
    title: known?.title ?? 'The feed could not be read',
    message,
    advice: known?.advice,
    code,
  };
}

/**
 * Fills the section and shows it.
 *
 * @param {HTMLElement} section
 * @param {Failure} failure
 * @param {{ label: string, act: () => void } | null} action
 */
export function showFailure(section, failure, action) {
  const retry = action && element('button', { type: 'button' }, action.label);
  retry?.addEventListener('click', () => action?.act());
  section.replaceChildren(
    element('h2', { id: 'failure-title' }, failure.title),
    element('p', {}, failure.message),
    failure.advice ? element('p', { class: 'advice' }, failure.advice) : '',
    element('div', { class: 'more' }, factsOf(failure), retry),
  );
  section.hidden = false;
}

/** @param {Failure} failure */
function factsOf({ code, attempts, taskId }) {
  const facts = element('p', { class: 'facts' });
  if (code) facts.append(element('code', {}, code));
  if (attempts) facts.append(` · after ${attempts} attempt${attempts > 1 ? 's' : ''}`);
  if (taskId) facts.append(' · Task ', element('a', { href: taskPath(taskId) }, taskId));
  return facts;
}
