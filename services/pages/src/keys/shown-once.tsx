import type { Schemas } from '@offload/client';
import { useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { keepKey } from '../data/key.js';
import { Button } from '../ui/button.js';
import { CopyButton } from '../ui/copy-button.js';
import { Dialog } from '../ui/dialog.js';
import { say } from '../ui/toast.js';

interface ShownOnceProps {
  made: Schemas['CreatedApiKey'];
  /** It replaces the key that this page uses. */
  replacesOwn: boolean;
  onClose: () => void;
}

/** The key itself: only its hash is stored, so nobody can show it again. */
export function ShownOnce({ made, replacesOwn, onClose }: ShownOnceProps): JSX.Element {
  const [used, setUsed] = useState(false);
  return (
    <Dialog title="The new key" onClose={onClose}>
      <p>The key of “{made.name}” is shown this once. Put it where it is used, now.</p>
      <p class="shown-once">
        <code>{made.key}</code>
      </p>
      <p class="actions">
        <CopyButton text={made.key} label="Copy the key" />
        {replacesOwn && (
          <Button
            disabled={used}
            onClick={() => {
              keepKey(made.key);
              setUsed(true);
              say('This page uses the new key.');
            }}
          >
            Use it in this tab
          </Button>
        )}
        <Button kind="primary" onClick={onClose}>
          I have it
        </Button>
      </p>
    </Dialog>
  );
}
