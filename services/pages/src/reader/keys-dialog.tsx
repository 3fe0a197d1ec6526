import { signal } from '@preact/signals';
import { Button } from '../ui/button.js';
import { Dialog } from '../ui/dialog.js';
import { Checkbox } from '../ui/field.js';
import { SHORTCUTS } from './shortcuts.js';

const NAME = 'offload-reader-keys';

/** Whether single keys do something: WCAG 2.2, 2.1.4 has people turn them off, e.g. who speak to their computer. */
export const singleKeys = signal(localStorage.getItem(NAME) !== 'off');

function choose(on: boolean): void {
  singleKeys.value = on;
  if (on) localStorage.removeItem(NAME);
  else localStorage.setItem(NAME, 'off');
}

export function KeysDialog({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title="Keyboard shortcuts" onClose={onClose}>
      <table class="key-list">
        <thead class="unseen">
          <tr>
            <th scope="col">Key</th>
            <th scope="col">What it does</th>
          </tr>
        </thead>
        <tbody>
          {[...SHORTCUTS, { keys: ['Esc'], says: 'Close the article' }].map(({ keys, says }) => (
            <tr key={says}>
              <td>
                {keys.map((key) => (
                  <kbd key={key}>{key}</kbd>
                ))}
              </td>
              <td>{says}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <Checkbox label="Single keys are shortcuts" checked={singleKeys.value} onChange={choose} />
      <p class="actions">
        <Button kind="primary" onClick={onClose}>
          Close
        </Button>
      </p>
    </Dialog>
  );
}
