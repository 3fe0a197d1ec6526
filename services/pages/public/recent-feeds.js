// @ts-check

/** @typedef {{ url: string, title: string }} RecentFeed */

const KEY = 'offload.recent-feeds';
const KEPT = 6;

/** What was read in this browser, newest first. Without storage (private windows) it lasts as long as the page. */
export class RecentFeeds {
  /** @type {RecentFeed[]} */
  #feeds = load();

  get all() {
    return this.#feeds;
  }

  /** @param {RecentFeed} feed */
  remember(feed) {
    this.#keep([feed, ...this.#feeds.filter(({ url }) => url !== feed.url)].slice(0, KEPT));
  }

  /** @param {string} url */
  forget(url) {
    this.#keep(this.#feeds.filter((feed) => feed.url !== url));
  }

  /** @param {RecentFeed[]} feeds */
  #keep(feeds) {
    this.#feeds = feeds;
    try {
      localStorage.setItem(KEY, JSON.stringify(feeds));
    } catch {
      // Full or forbidden storage only costs the memory of it: the list of this page still holds.
    }
  }
}

/** @returns {RecentFeed[]} */
function load() {
  try {
    const stored = JSON.parse(localStorage.getItem(KEY) ?? '[]');
    if (!Array.isArray(stored)) return [];
    const isFeed = (/** @type {any} */ feed) =>
      typeof feed?.url === 'string' && typeof feed?.title === 'string';
    return stored.filter(isFeed).slice(0, KEPT);
  } catch {
    return []; // Forbidden storage, or what another version left there.
  }
}
