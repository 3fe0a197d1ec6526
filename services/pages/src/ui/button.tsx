import type { ComponentChildren, ButtonHTMLAttributes } from 'preact';
import { useState } from 'preact/hooks';
import { classes } from './classes.js';
import { say } from './toast.js';
import { messageOf } from './error-state.js';

export interface ButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'onClick'> {
  children: ComponentChildren;
  /** `plain` by default. One `primary` a form at most. */
  kind?: 'primary' | 'plain' | 'danger' | 'quiet';
  /** While its promise is pending the button is busy and takes no second press; a rejection is told in a toast. */
  onClick?: (event: MouseEvent) => unknown;
  busy?: boolean;
  small?: boolean;
}

export function Button({ kind = 'plain', small, busy, onClick, children, ...rest }: ButtonProps) {
  const [working, setWorking] = useState(false);
  const isBusy = busy === true || working;
  const press = async (event: MouseEvent): Promise<void> => {
    // aria-disabled keeps the focus where it is; so a press has to be refused here.
    if (isBusy) return event.preventDefault();
    const outcome = onClick?.(event);
    if (!(outcome instanceof Promise)) return;
    setWorking(true);
    try {
      await outcome;
    } catch (error) {
      say(messageOf(error), { kind: 'error' });
    } finally {
      setWorking(false);
    }
  };
  return (
    <button
      type="button"
      {...rest}
      class={classes('button', kind, small && 'small', rest.class as string)}
      aria-disabled={isBusy || undefined}
      aria-busy={isBusy || undefined}
      onClick={(event) => void press(event)}
    >
      {children}
    </button>
  );
}
