// @ts-check

/**
 * j and k go through the entries, o opens or closes the one in focus, / goes to the address. Never while typing,
 * never with a modifier, so that the browser's and the screen reader's own keys stay theirs.
 *
 * @param {HTMLElement} feed
 * @param {HTMLInputElement} address
 */
export function listenToKeys(feed, address) {
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (event.key === '/') {
      event.preventDefault();
      address.focus();
      address.select();
    } else if (event.key === 'j') move(feed, 1);
    else if (event.key === 'k') move(feed, -1);
    else if (event.key === 'o') current(feed)?.querySelector('button')?.click();
  });
}

/** @param {EventTarget | null} target */
function isTyping(target) {
  return target instanceof HTMLElement && target.matches('input, textarea, select, [contenteditable]');
}

/** @param {HTMLElement} feed */
const current = (feed) => feed.querySelector('article:focus-within');

/**
 * @param {HTMLElement} feed
 * @param {1 | -1} step
 */
function move(feed, step) {
  if (feed.hidden) return;
  const articles = [...feed.querySelectorAll('article')];
  const at = articles.findIndex((article) => article.matches(':focus-within'));
  const next = articles[Math.min(articles.length - 1, Math.max(0, at + step))];
  next?.focus({ preventScroll: true });
  next?.scrollIntoView({ block: 'start' });
}
