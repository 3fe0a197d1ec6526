import { Button } from './button.js';

interface PagerProps {
  /** Undefined: there is no such page. */
  onNewer?: (() => unknown) | undefined;
  onOlder?: (() => unknown) | undefined;
  newer?: string;
  older?: string;
}

/** Between the pages of a list that is paged by cursor. */
export function Pager({ onNewer, onOlder, newer = 'Newer', older = 'Older' }: PagerProps) {
  if (!onNewer && !onOlder) return null;
  return (
    <nav class="pager" aria-label="Pages">
      <Button disabled={!onNewer} onClick={() => onNewer?.()}>
        ← {newer}
      </Button>
      <Button disabled={!onOlder} onClick={() => onOlder?.()}>
        {older} →
      </Button>
    </nav>
  );
}
