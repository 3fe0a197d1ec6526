import { signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { Button } from './button.js';

interface DialogProps {
  title: string;
  /** Escape, the backdrop's button, or `form method="dialog"`. */
  onClose: () => void;
  children: ComponentChildren;
}

/** A modal dialog while it is rendered; the focus goes back to where it was. */
export function Dialog({ title, onClose, children }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    const before = document.activeElement;
    ref.current?.showModal();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    <dialog ref={ref} aria-labelledby={titleId} onClose={onClose}>
      <h2 id={titleId}>{title}</h2>
      {children}
    </dialog>
  );
}

export interface Question {
  title: string;
  /** What will happen, with counts. */
  text: ComponentChildren;
  /** Of the button that does it, e.g. "Requeue 12 tasks". */
  confirm: string;
  danger?: boolean;
}

const question = signal<(Question & { answer: (yes: boolean) => void }) | null>(null);

/** Asks before something that cannot be taken back: `if (await confirm({…})) …`. */
export function confirm(asked: Question): Promise<boolean> {
  return new Promise((resolve) => {
    question.value = {
      ...asked,
      answer: (yes) => {
        question.value = null;
        resolve(yes);
      },
    };
  });
}

/** Where `confirm` is shown; once in the page. */
export function Confirmation() {
  const asked = question.value;
  if (!asked) return null;
  return (
    <Dialog title={asked.title} onClose={() => asked.answer(false)}>
      <p>{asked.text}</p>
      <p class="actions">
        <Button kind={asked.danger ? 'danger' : 'primary'} onClick={() => asked.answer(true)}>
          {asked.confirm}
        </Button>
        <Button onClick={() => asked.answer(false)}>Leave it</Button>
      </p>
    </Dialog>
  );
}
