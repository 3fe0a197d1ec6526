import { useState } from 'preact/hooks';
import { keyQuestion } from '../data/key.js';
import { Button } from './button.js';
import { Dialog } from './dialog.js';
import { Field } from './field.js';

/** Opens when the API answers 401; once in the page. */
export function KeyDialog() {
  const asked = keyQuestion.value;
  const [typed, setTyped] = useState('');
  if (!asked) return null;
  const { refused, answer } = asked;
  const use = (event: Event): void => {
    event.preventDefault();
    const key = typed.trim();
    setTyped('');
    if (key !== '') answer(key);
  };
  return (
    <Dialog title="This server needs a key" onClose={() => answer(null)}>
      <form onSubmit={use}>
        <p>
          Whoever runs it makes one with <code>npm run key -- create</code>. It is kept until this tab is
          closed.
        </p>
        <Field
          label="Key"
          type="password"
          autocomplete="off"
          value={typed}
          onInput={setTyped}
          error={refused ? `The key that ends in ${refused.slice(-4)} is not valid.` : undefined}
        />
        <p class="actions">
          <Button kind="primary" type="submit">
            Use it
          </Button>
          <Button onClick={() => answer(null)}>Not now</Button>
        </p>
      </form>
    </Dialog>
  );
}
