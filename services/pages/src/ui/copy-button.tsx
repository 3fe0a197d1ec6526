import { Button } from './button.js';
import { say } from './toast.js';

/** Puts a text on the clipboard and says so. @param label e.g. "Copy the id" */
export function CopyButton({ text, label = 'Copy' }: { text: string; label?: string }) {
  const copy = async (): Promise<void> => {
    // Served by plain HTTP from elsewhere than this machine, a page has no clipboard.
    if (!navigator.clipboard)
      throw new Error('This browser allows no copying here: mark the text and copy it.');
    await navigator.clipboard.writeText(text);
    say('Copied.');
  };
  return (
    <Button kind="quiet" small onClick={copy}>
      {label}
    </Button>
  );
}
