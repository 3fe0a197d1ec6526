// @ts-check

import { element, outsideLink } from './element.js';
import { entryArticle } from './entry-view.js';
import { safeHref } from './safe-html.js';
import { taskPath } from './tasks-api.js';

/**
 * @typedef {object} Feed
 * @property {'rss' | 'atom' | 'rdf' | 'json' | 'cdf' | 'html'} format
 * @property {boolean} recovered
 * @property {string} url
 * @property {string} title
 * @property {string | null} link
 * @property {string | null} description
 * @property {string | null} language
 * @property {import('./entry-view.js').Entry[]} entries
 * @property {number} total
 * @property {{ url: string, title: string | null }[]} [found]  the feeds of a web page that has several
 */

const FORMATS = { rss: 'RSS', atom: 'Atom', rdf: 'RSS 1.0', json: 'JSON Feed', cdf: 'CDF', html: 'Web page' };

/** @param {Feed} feed */
export const feedTitle = (feed) => feed.title.trim() || new URL(feed.url).host;

/**
 * Fills the section with a feed and shows it.
 *
 * @param {HTMLElement} section
 * @param {Feed} feed
 * @param {{ task: import('./tasks-api.js').Task, took: string, choose: (url: string) => void }} from  the task, how
 *   long it took, and what reads one of the feeds that a web page has
 */
export function showFeed(section, feed, from) {
  const language = languageOf(feed.language);
  if (language) section.lang = language;
  else section.removeAttribute('lang');
  section.replaceChildren(
    heading(feed, from),
    ...feed.entries.map((entry, index) => entryArticle(entry, index, feed.url)),
    feed.found?.length ? choice(feed.found, from.choose) : remainder(feed, from.task.id),
  );
  section.hidden = false;
}

/**
 * @param {Feed} feed
 * @param {{ task: import('./tasks-api.js').Task, took: string }} from
 */
function heading(feed, { task, took }) {
  const site = safeHref(feed.link, feed.url);
  const title = feedTitle(feed);
  const count = feed.found?.length
    ? `${feed.found.length} feeds`
    : feed.total === 1
      ? '1 entry'
      : `${feed.total.toLocaleString('en')} entries`;
  return element(
    'header',
    { class: 'masthead' },
    element('h2', { id: 'feed-title', dir: 'auto' }, site ? outsideLink(site, {}, title) : title),
    feed.description?.trim() && element('p', { class: 'description', dir: 'auto' }, feed.description.trim()),
    element(
      'p',
      { class: 'facts', lang: 'en' },
      `${FORMATS[feed.format]} · ${count} · fetched in ${took}`,
      task.attempt > 1 ? `, attempt ${task.attempt} of ${task.attemptLimit}` : '',
      ' · Task ',
      element('a', { href: taskPath(task.id), title: 'The task as JSON' }, task.id),
    ),
    feed.recovered &&
      element(
        'p',
        { class: 'notice', lang: 'en' },
        'The feed is ill-formed XML. What could be read is shown.',
      ),
  );
}

/**
 * @param {{ url: string, title: string | null }[]} found
 * @param {(url: string) => void} choose
 */
function choice(found, choose) {
  const item = (/** @type {{ url: string, title: string | null }} */ { url, title }) => {
    const button = element('button', { type: 'button', value: url, title: url }, title || url);
    button.addEventListener('click', () => choose(url));
    return element('li', {}, button);
  };
  return element(
    'div',
    { class: 'empty', lang: 'en' },
    element('p', {}, 'This page has several feeds. Read one of them:'),
    element('ul', { class: 'choice' }, ...found.map(item)),
  );
}

/**
 * @param {Feed} feed
 * @param {string} taskId
 */
function remainder(feed, taskId) {
  if (feed.entries.length === 0) {
    return element('p', { class: 'empty', lang: 'en' }, 'This feed is well, but it has no entries yet.');
  }
  if (feed.total <= feed.entries.length) return '';
  const all = element('a', { href: `${taskPath(taskId)}/files/entries.json` }, `all ${feed.total} as JSON`);
  return element(
    'p',
    { class: 'empty', lang: 'en' },
    `The first ${feed.entries.length} entries, or `,
    all,
    '.',
  );
}

/**
 * A language tag that is one (BCP 47); feeds write all sorts of things there.
 *
 * @param {string | null} tag
 */
function languageOf(tag) {
  try {
    return tag ? (Intl.getCanonicalLocales(tag.trim().replaceAll('_', '-'))[0] ?? null) : null;
  } catch {
    return null; // RangeError: not a language tag, so the page says nothing about it.
  }
}
