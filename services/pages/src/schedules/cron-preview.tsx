import { answerOf, ProblemError } from '@offload/client';
import { useEffect, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { api } from '../data/client.js';
import { messageOf } from '../ui/error-state.js';
import { cronInWords, knowsZone, timeInZone } from './cron-in-words.js';

const RUNS = 5;
/** After the last key press. */
const CALM_MS = 250;

type Preview = { runs: string[] } | { fault: string };

/** A cron in words, and its next ticks as the API reckons them, in its zone. Keeps its height. */
export function CronPreview({ cron, timeZone }: { cron: string; timeZone: string }): JSX.Element {
  const [preview, setPreview] = useState<Preview | null>(null);
  useEffect(() => {
    if (cron.trim() === '') return setPreview(null);
    const left = new AbortController();
    const timer = setTimeout(() => {
      void load(cron, timeZone, left.signal).then((found) => {
        if (!left.signal.aborted) setPreview(found);
      });
    }, CALM_MS);
    return () => {
      clearTimeout(timer);
      left.abort();
    };
  }, [cron, timeZone]);
  const fault = preview && 'fault' in preview ? preview.fault : null;
  return (
    <div class="cron-preview" role="status" aria-label="What the cron means">
      <p>
        <strong>
          {fault === null ? (cronInWords(cron) ?? (cron.trim() === '' ? 'No cron yet' : cron)) : fault}
        </strong>
      </p>
      {preview && 'runs' in preview && (
        <ol>
          {preview.runs.map((run) => (
            <li key={run} class="numbers">
              <time dateTime={run}>{knowsZone(timeZone) ? timeInZone(run, timeZone) : run}</time>
            </li>
          ))}
        </ol>
      )}
    </div>
  );
}

async function load(cron: string, timeZone: string, signal: AbortSignal): Promise<Preview> {
  try {
    const body = { cron, timeZone, count: RUNS };
    return await answerOf(api().POST('/v1/schedules/preview', { body, signal }));
  } catch (error) {
    if (!(error instanceof ProblemError) || error.errors.length === 0) return { fault: messageOf(error) };
    return {
      fault: error.errors.map(({ pointer, detail }) => `${pointer?.slice(1) ?? ''} ${detail}`).join('; '),
    };
  }
}
