import { useState } from 'preact/hooks';
import { Button } from '../ui/button.js';
import { Dialog } from '../ui/dialog.js';
import { messageOf } from '../ui/error-state.js';
import { Labelled } from '../ui/field.js';
import { say } from '../ui/toast.js';
import { useSubmit } from '../ui/use-submit.js';
import { shownCount } from './feed-groups.js';
import { exportOpml, importOpml, type OpmlImport } from './reader-api.js';
import { useView } from './view.js';

/** Subscriptions from another program, and for one. */
export function OpmlDialog({ onClose }: { onClose: () => void }) {
  const { reader } = useView();
  const [file, setFile] = useState<File | null>(null);
  const [imported, setImported] = useState<OpmlImport>();
  const { busy, error, onSubmit } = useSubmit(async () => {
    if (!file)
      throw new Error('Choose a file first: other readers call it OPML, or a list of subscriptions.');
    setImported(await importOpml(file));
    await reader.loadFeeds();
  });
  return (
    <Dialog title="Import and export" onClose={onClose}>
      {imported ? (
        <Imported imported={imported} />
      ) : (
        <form onSubmit={onSubmit}>
          <Labelled
            label="OPML file"
            hint="Folders become tags. Feeds that you have already stay as they are."
            error={error === undefined ? undefined : messageOf(error)}
          >
            {(attributes) => (
              <input
                {...attributes}
                type="file"
                accept=".opml,.xml,text/x-opml,text/xml,application/xml"
                onChange={(event) => setFile(event.currentTarget.files?.[0] ?? null)}
              />
            )}
          </Labelled>
          <p class="actions">
            <Button kind="primary" type="submit" busy={busy}>
              Import
            </Button>
          </p>
        </form>
      )}
      <p class="actions">
        <Button onClick={download}>Export your feeds</Button>
        <Button kind="quiet" onClick={onClose}>
          Close
        </Button>
      </p>
    </Dialog>
  );
}

function Imported({ imported: { imported, existing, refused } }: { imported: OpmlImport }) {
  const feeds = (count: number): string => `${shownCount(count)} ${count === 1 ? 'feed' : 'feeds'}`;
  return (
    <div role="status" class="stack">
      <p>
        <strong>{feeds(imported)} came in.</strong> {existing > 0 && `${feeds(existing)} you had already. `}
        {imported > 0 && 'They are fetched one after the other; their entries come by themselves.'}
      </p>
      {refused.length > 0 && (
        <details open={refused.length <= 5}>
          <summary>{feeds(refused.length)} could not be taken</summary>
          <ul class="refused">
            {refused.map(({ url, title, reason }) => (
              <li key={url}>
                <bdi>{title ?? url}</bdi>: {reason} {title && <code>{url}</code>}
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}

/** By a request, since a link would carry no key. */
async function download(): Promise<void> {
  const url = URL.createObjectURL(new Blob([await exportOpml()], { type: 'text/x-opml' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = 'feeds.opml';
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
  say('feeds.opml was saved.');
}
