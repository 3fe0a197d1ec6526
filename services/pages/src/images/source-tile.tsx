import type { Schemas } from '@offload/client';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { bytesText } from '../ui/bytes.js';
import type { Job } from './jobs.js';
import { Weight } from './variant-tile.js';

const WIDTH = 480;

/** What it was made from; of a file that was given here with a look at it, which never leaves the browser. */
export function SourceTile({
  job,
  source,
}: {
  job: Job;
  source: Schemas['ImageResizeResult']['source'];
}): JSX.Element {
  const { format, width, height, bytes, pages, hasAlpha, dominantColour } = source;
  return (
    <figure class="tile">
      <div class="tile-picture">
        {job.file ? (
          <Preview file={job.file} alt={`The source, ${width} by ${height} pixels`} />
        ) : (
          <div
            class="tile-colour"
            style={{ backgroundColor: dominantColour, aspectRatio: `${width} / ${height}` }}
            role="img"
            aria-label={`The source’s most common colour, ${dominantColour}`}
          />
        )}
      </div>
      <figcaption>
        <strong>The source</strong>
        <span class="numbers">
          {width} × {height} · {format}
          {pages > 1 && ` · ${pages} pages or frames`}
          {hasAlpha && ' · can be transparent'}
        </span>
        <span class="numbers">{bytesText(bytes)}</span>
        <Weight bytes={bytes} of={bytes} />
      </figcaption>
    </figure>
  );
}

/** Drawn on a canvas: an address of a blob as an image's would need a wider policy (CSP) for all of the app. */
function Preview({ file, alt }: { file: File; alt: string }): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    let gone = false;
    const draw = async (): Promise<void> => {
      const bitmap = await createImageBitmap(file);
      const place = canvas.current;
      if (!gone && place) {
        const scale = Math.min(1, WIDTH / bitmap.width);
        place.width = Math.max(1, Math.round(bitmap.width * scale));
        place.height = Math.max(1, Math.round(bitmap.height * scale));
        place.getContext('2d')?.drawImage(bitmap, 0, 0, place.width, place.height);
      }
      bitmap.close();
    };
    draw().catch(() => setFailed(true));
    return () => {
      gone = true;
    };
  }, [file]);
  if (failed) return <p class="soft">This browser cannot show it.</p>;
  return <canvas ref={canvas} role="img" aria-label={alt} />;
}
