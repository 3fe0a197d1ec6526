import { useEffect, useRef, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { Button } from '../ui/button.js';
import { classes } from '../ui/classes.js';
import { Field } from '../ui/field.js';
import { say } from '../ui/toast.js';
import { startFiles, startUrl } from './jobs.js';
import { chosenVariants } from './variant-choice.js';
import { urlIn } from './variants.js';

function takeFiles(files: readonly File[]): void {
  const variants = files.length > 0 ? chosenVariants() : null;
  if (!variants) return;
  startFiles(files, variants);
  say(
    files.length === 1
      ? `${files[0]?.name || 'The image'} is on its way.`
      : `${files.length} files are on their way.`,
  );
}

function takeUrl(url: string): boolean {
  const variants = chosenVariants();
  if (!variants) return false;
  startUrl(url, variants);
  say('The image is fetched by the server.');
  return true;
}

/** What was dropped or pasted: files before text, for a copied image brings both. */
function take(data: DataTransfer | null): boolean {
  const files = [...(data?.files ?? [])];
  if (files.length > 0) {
    takeFiles(files);
    return true;
  }
  const url = urlIn(data?.getData('text/uri-list') || data?.getData('text/plain') || '');
  return url !== null && takeUrl(url);
}

/** Where pictures come in: dropped or pasted anywhere on the page, chosen with a button, or named by a URL. */
export function PictureInput(): JSX.Element {
  const [over, setOver] = useState(false);
  const chooser = useRef<HTMLInputElement>(null);
  useDropAndPaste(setOver);
  return (
    <div class={classes('drop-zone', over && 'over')}>
      <p>
        <strong>Drop images here</strong>, paste them, or
      </p>
      <p class="actions">
        <Button kind="primary" onClick={() => chooser.current?.click()}>
          Choose files
        </Button>
      </p>
      <input
        ref={chooser}
        type="file"
        accept="image/*"
        multiple
        hidden
        aria-label="Image files"
        onChange={(event) => {
          takeFiles([...(event.currentTarget.files ?? [])]);
          // The same file may be chosen again.
          event.currentTarget.value = '';
        }}
      />
      <UrlForm />
      <small class="soft">JPEG, PNG, WebP, AVIF, GIF or TIFF; at most 50 MiB and 50 megapixels.</small>
    </div>
  );
}

function useDropAndPaste(setOver: (over: boolean) => void): void {
  useEffect(() => {
    const ended = new AbortController();
    const on = <K extends keyof DocumentEventMap>(
      name: K,
      listener: (event: DocumentEventMap[K]) => void,
    ): void => document.addEventListener(name, listener, { signal: ended.signal });
    on('dragover', (event) => {
      // Without it the browser would leave the app and show the file.
      event.preventDefault();
      setOver(true);
    });
    on('dragleave', (event) => {
      if (event.relatedTarget === null) setOver(false);
    });
    on('drop', (event) => {
      event.preventDefault();
      setOver(false);
      if (!take(event.dataTransfer))
        say('There is no image and no URL in what was dropped.', { kind: 'error' });
    });
    on('paste', (event) => {
      const inField = event.target instanceof HTMLElement && event.target.matches('input, textarea');
      const files = event.clipboardData?.files.length ?? 0;
      if (inField && files === 0) return;
      if (take(event.clipboardData)) event.preventDefault();
    });
    return () => ended.abort();
  }, []);
}

function UrlForm(): JSX.Element {
  const [text, setText] = useState('');
  const [fault, setFault] = useState<string | undefined>();
  const submit = (event: Event): void => {
    event.preventDefault();
    const url = urlIn(text);
    setFault(url === null ? 'Enter an address that begins with http:// or https://.' : undefined);
    if (url !== null && takeUrl(url)) setText('');
  };
  return (
    <form class="url-form" onSubmit={submit} noValidate>
      <Field
        label="Address of an image"
        type="url"
        value={text}
        onInput={setText}
        error={fault}
        autocomplete="off"
      />
      <Button type="submit">Fetch</Button>
    </form>
  );
}
