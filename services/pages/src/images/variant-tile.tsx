import type { JSX } from 'preact';
import { bytesText } from '../ui/bytes.js';
import { savingInWords, type MadeVariant } from './variants.js';

/** One variant as it looks, with what it weighs against the source. */
export function VariantTile({
  variant,
  sourceBytes,
  colour,
  url,
}: {
  variant: MadeVariant;
  sourceBytes: number;
  /** #rrggbb, until it is loaded. */
  colour: string;
  url: string | undefined;
}): JSX.Element {
  const { file, width, height, format, bytes, frames } = variant;
  return (
    <figure class="tile">
      <div class="tile-picture">
        {url && (
          <img
            src={url}
            width={width}
            height={height}
            alt={`${file}, ${width} by ${height} pixels`}
            loading="lazy"
            style={{ backgroundColor: colour }}
          />
        )}
      </div>
      <figcaption>
        <strong>{file}</strong>
        <span class="numbers">
          {width} × {height} · {format}
          {frames > 1 && ` · ${frames} frames`}
        </span>
        <span class="numbers">
          {bytesText(bytes)}, {savingInWords(bytes, sourceBytes)}
        </span>
        <Weight bytes={bytes} of={sourceBytes} />
        {url && (
          <a href={url} download={file} target="_self" data-native>
            Download {file}
          </a>
        )}
      </figcaption>
    </figure>
  );
}

/** A bar as long as its share of the source; the words above say the same. */
export function Weight({ bytes, of }: { bytes: number; of: number }): JSX.Element {
  const share = of > 0 ? Math.min(100, Math.max(1, (bytes / of) * 100)) : 0;
  return (
    <span class="weight" aria-hidden="true">
      <span style={{ width: `${share}%` }} />
    </span>
  );
}
