import { useEffect, useState } from 'preact/hooks';
import type { ComponentChildren } from 'preact';

/** A task may not have made it yet: when it is asked for again, milliseconds. */
const AGAIN_MS = [1_500, 4_000, 12_000, 40_000];

/** A small image of the API in a place of fixed size; `fallback` while it is not there. It says nothing by itself. */
export function ApiImage({
  src,
  class: name,
  fallback,
}: {
  src: string;
  class: string;
  fallback: ComponentChildren;
}) {
  const [failures, setFailures] = useState(0);
  const [there, setThere] = useState(false);
  const [shown, setShown] = useState(true);
  useEffect(() => {
    setFailures(0);
    setThere(false);
    setShown(true);
  }, [src.split('?', 1)[0]]);
  useEffect(() => {
    const pause = AGAIN_MS[failures - 1];
    if (failures === 0 || pause === undefined) return;
    const timer = setTimeout(() => setShown(true), pause);
    return () => clearTimeout(timer);
  }, [failures]);
  return (
    <span class={name} aria-hidden="true">
      {!there && fallback}
      {shown && (
        <img
          key={failures}
          src={src}
          alt=""
          loading="lazy"
          decoding="async"
          hidden={!there && failures > 0}
          class={there ? 'there' : undefined}
          onLoad={() => setThere(true)}
          onError={() => {
            setThere(false);
            setShown(false);
            setFailures(failures + 1);
          }}
        />
      )}
    </span>
  );
}
