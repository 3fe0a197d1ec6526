import type { Schemas } from '@offload/client';
import { bytesText } from '../ui/bytes.js';
import { Section } from '../ui/page.js';

/** Images that browsers show, and that are pixels: nothing with script in it is shown in the page. */
const SHOWN = /^image\/(png|jpeg|webp|avif|gif)$/;

export function TaskFiles({ files }: { files: Schemas['StoredFile'][] }) {
  if (files.length === 0) return null;
  return (
    <Section title={files.length === 1 ? 'File' : `${files.length} files`}>
      <ul class="task-files">
        {files.map(({ name, type, size, url }) => (
          <li key={name}>
            {SHOWN.test(type) && <img src={url} alt={`The image ${name}`} loading="lazy" decoding="async" />}
            <a href={url} download={name} target="_self">
              {name}
            </a>
            <small class="soft">
              {bytesText(size)} · {type}
            </small>
          </li>
        ))}
      </ul>
    </Section>
  );
}
