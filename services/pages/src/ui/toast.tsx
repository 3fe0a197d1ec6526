import { signal } from '@preact/signals';

interface Toast {
  id: number;
  text: string;
  kind: 'done' | 'error';
  action?: { label: string; run: () => unknown };
}

const toasts = signal<Toast[]>([]);
const announcement = signal('');
let made = 0;

/** Tells what an action did, visibly and to screen readers, for some seconds; errors stay until they are closed. */
export function say(
  text: string,
  { kind = 'done', action }: Partial<Pick<Toast, 'kind' | 'action'>> = {},
): void {
  const id = ++made;
  toasts.value = [...toasts.value.filter((each) => each.text !== text).slice(-2), { id, text, kind, action }];
  if (kind === 'done') setTimeout(() => close(id), action ? 10_000 : 6_000);
}

/** For screen readers alone, e.g. "12 tasks" after a filter. The same text twice is told once. */
export function announce(text: string): void {
  announcement.value = text;
}

function close(id: number): void {
  toasts.value = toasts.value.filter((each) => each.id !== id);
}

/** Both live regions; once in the page, and there before anything is said. */
export function Toasts() {
  return (
    <>
      <p class="unseen" role="status" aria-live="polite" data-testid="announcement">
        {announcement.value}
      </p>
      <div class="toasts" role="status" aria-live="polite" aria-label="What was done">
        {toasts.value.map(({ id, text, kind, action }) => (
          <div key={id} class={`toast ${kind}`}>
            <span>{text}</span>
            {action && (
              <button
                type="button"
                class="button quiet small"
                onClick={() => {
                  close(id);
                  void action.run();
                }}
              >
                {action.label}
              </button>
            )}
            <button
              type="button"
              class="button quiet small"
              aria-label="Close this message"
              onClick={() => close(id)}
            >
              ×
            </button>
          </div>
        ))}
      </div>
    </>
  );
}
