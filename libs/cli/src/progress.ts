import type { Schemas } from '@offload/client';
import type { Context } from './context.js';
import { plain } from './print.js';

const BAR = 24;

/** How far something is: one line that is drawn anew on a terminal, else a line for each new state or note. */
export interface ProgressLine {
  show(text: string, part?: number | null): void;
  /** Takes the drawn line away. */
  clear(): void;
}

/** @param quiet shows nothing at all, as for programs */
export function progressLine({ stderr, json }: Context, quiet = json): ProgressLine {
  let last = '';
  return {
    show(text, part = null) {
      if (quiet) return;
      if (!stderr.isTTY) {
        if (text !== last) stderr.write(`${plain(text)}\n`);
        last = text;
        return;
      }
      const line = plain(part === null ? text : `${bar(part)} ${text}`);
      stderr.write(`\r\u001b[K${line.slice(0, (stderr.columns ?? 80) - 1)}`);
      last = line;
    },
    clear() {
      if (stderr.isTTY && last) stderr.write('\r\u001b[K');
    },
  };
}

/** @param part from 0 to 1; what is beyond is drawn as the nearest */
export function bar(part: number): string {
  const filled = Math.round(Math.min(1, Math.max(0, part)) * BAR);
  return `[${'#'.repeat(filled)}${'.'.repeat(BAR - filled)}]`;
}

/** A task's state and progress in one line. */
export function showTask(line: ProgressLine, { state, progress, attempt }: Schemas['TaskSummary']): void {
  const again = attempt > 1 ? `, attempt ${attempt}` : '';
  if (!progress || state !== 'running') return line.show(`${state}${again}`);
  const { done, total, note } = progress;
  const figures = total === null ? `${done}` : `${done}/${total}`;
  line.show(`${state}${again} ${figures}${note === null ? '' : ` ${note}`}`, total ? done / total : null);
}
