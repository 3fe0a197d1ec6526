import { useLayoutEffect, useRef } from 'preact/hooks';
import { messageOf } from '../ui/error-state.js';
import { pathOf, watchImages } from './image-watch.js';
import { fetchImages, type Entry } from './reader-api.js';
import { safeArticle, type Picture } from './safe-html.js';

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    });
  });

/** The text of an entry, rebuilt from what is harmless; its images come as the API has them. */
export function ArticleBody({ entry }: { entry: Entry }) {
  const ref = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const left = new AbortController();
    const { content, pictures } = safeArticle(entry.html);
    ref.current?.replaceChildren(content);
    // The lead image, too, may be one that nobody has had made yet.
    if (pictures.length > 0 || entry.links.thumbnail) void fill(entry.id, pictures, left.signal);
    return () => left.abort();
  }, [entry.id, entry.html]);
  return (
    <>
      {entry.html === '' && (
        <p class="content soft">
          {entry.summary ?? 'This entry has no text here. The original may have more.'}
        </p>
      )}
      <div ref={ref} class="content" dir="auto" />
    </>
  );
}

async function fill(entry: string, pictures: readonly Picture[], signal: AbortSignal): Promise<void> {
  const open = new Map<string, Picture[]>();
  for (const picture of pictures) open.set(picture.path, [...(open.get(picture.path) ?? []), picture]);
  const take = (path: string): Picture[] => {
    const found = open.get(path) ?? [];
    open.delete(path);
    return found;
  };
  const on = {
    ready: (path: string, src: string) => take(path).forEach((picture) => show(picture, src)),
    unavailable: (path: string, reason: string) => take(path).forEach((picture) => miss(picture, reason)),
  };
  let reason = 'The entry has more images than are fetched, or it takes too long.';
  try {
    await watchImages({ ask: (left) => fetchImages(entry, left), on, pause, signal });
  } catch (error) {
    if (signal.aborted) return;
    reason = messageOf(error);
  }
  for (const path of [...open.keys()]) on.unavailable(path, reason);
}

function show(picture: Picture, src: string): void {
  const { place, alt, size } = picture;
  // An address on this server: the place was made for its path.
  if (pathOf(src) !== picture.path) return;
  const image = new Image();
  image.alt = alt;
  image.decoding = 'async';
  // Without a size it takes no room, and is never scrolled to.
  if (size) Object.assign(image, size, { loading: 'lazy' });
  image.addEventListener('error', () => miss(picture, 'It was removed meanwhile.'));
  image.addEventListener('load', () => place.classList.add('there'));
  image.src = src;
  place.replaceChildren(image);
}

function miss({ place, alt }: Picture, reason: string): void {
  place.classList.add('missing');
  place.style.width = '';
  place.style.aspectRatio = '';
  place.title = reason;
  place.textContent = alt ? `Image not available: ${alt}` : 'Image not available';
}
