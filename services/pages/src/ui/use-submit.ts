import { useState } from 'preact/hooks';

export interface Submission {
  /** For the button that sends. */
  busy: boolean;
  /** What the last try was rejected with; undefined before it, during it, and when it went well. */
  error: unknown;
  /** Of the form. While it is busy another one is not begun. */
  onSubmit: (event: Event) => void;
}

/** What a form does when it is sent: once at a time, and a rejection is kept to be shown in the form. */
export function useSubmit(send: () => Promise<unknown>): Submission {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const submit = async (): Promise<void> => {
    setBusy(true);
    setError(undefined);
    try {
      await send();
    } catch (caught) {
      setError(caught);
    } finally {
      setBusy(false);
    }
  };
  const onSubmit = (event: Event): void => {
    event.preventDefault();
    if (!busy) void submit();
  };
  return { busy, error, onSubmit };
}
