// @ts-check

import { element } from './element.js';

/**
 * Shows the feeds that were read lately; each is one click, and can be forgotten.
 *
 * @param {HTMLElement} nav
 * @param {import('./recent-feeds.js').RecentFeeds} recent
 * @param {(url: string) => void} onChoose
 */
export function showRecent(nav, recent, onChoose) {
  const items = recent.all.map(({ url, title }) => {
    const choose = element('button', { type: 'button', class: 'chip', title: url }, title);
    choose.addEventListener('click', () => onChoose(url));
    const forget = element(
      'button',
      { type: 'button', class: 'forget', 'aria-label': `Forget ${title}` },
      '×',
    );
    forget.addEventListener('click', () => {
      recent.forget(url);
      showRecent(nav, recent, onChoose);
      const next = nav.querySelector('button') ?? document.getElementById('url');
      next?.focus();
    });
    return element('li', {}, choose, forget);
  });
  const inFocus = /** @type {HTMLElement | null} */ (nav.querySelector('.chip:focus'))?.title;
  nav.querySelector('ul')?.replaceChildren(...items);
  nav.hidden = items.length === 0;
  for (const item of items) {
    const chip = item.querySelector('button');
    if (chip && chip.title === inFocus) chip.focus();
  }
}
