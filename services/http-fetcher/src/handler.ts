import { Snooze, TaskError } from '@offload/contracts/errors';
import type { httpFetch } from '@offload/contracts/http-fetch';
import type { Outbound } from '@offload/outbound/outbound';
import type { Handler } from '@offload/worker/handler';
import { firstCall, type Call } from './build-request.js';
import { collectPages, type CollectOptions } from './collect-pages.js';
import { deliver } from './deliver.js';
import type { JsonThreads } from './json-threads.js';
import { BodyReader } from './read-body.js';
import { readJson, type JsonReading, type ReadJson } from './read-json.js';
import type { Redactor } from './redact.js';
import { afterFailure, checkEarlier, isHarmless } from './repeat-policy.js';
import type { Secrets } from './secrets.js';
import { sendCall, type Answer } from './send-call.js';
import { sendPatiently } from './send-patiently.js';

export interface HttpHandlerOptions {
  outbound: Pick<Outbound, 'fetch'>;
  secrets: Secrets;
  /** Where JSON is parsed; without threads on the caller's, which stands still meanwhile: for tests. */
  threads?: Pick<JsonThreads, 'read'>;
}

/**
 * http.fetch: calls a remote API and returns its answer. Errors: those of libs/outbound, `http-<status>`, `maybe-sent`,
 * and what build-request, secrets, deliver and collect-pages name. No text that leaves it carries a secret.
 */
export function createHttpHandler(options: HttpHandlerOptions): Handler<typeof httpFetch> {
  const { outbound, secrets, threads } = options;
  const bodies = new BodyReader();
  const read: ReadJson = async (request) =>
    threads ? threads.read(request) : (readJson(request) as JsonReading<typeof request.wish>);
  return async (input, context) => {
    checkEarlier(input, context.previousEnd);
    const { call: first, secrets: named } = firstCall(input, context, secrets);
    const { files, signal } = context;
    const progress: CollectOptions['progress'] = (done, total, note) => context.progress(done, total, note);
    let answered = false;
    const sendOnce = (call: Call, maxBytes: number, patienceMs: number): Promise<Answer> =>
      sendCall(call, {
        outbound,
        input,
        secrets: named,
        signal,
        origin: first.url.origin,
        maxBytes,
        patienceMs,
        onAnswer: () => (answered = true),
      });
    const send: CollectOptions['send'] = (call, maxBytes, page) =>
      page === 1
        ? sendOnce(call, maxBytes, 0)
        : sendPatiently((patienceMs) => sendOnce(call, maxBytes, patienceMs), isHarmless(input), signal);
    const delivery = { input, files, bodies, readJson: read };
    try {
      if (input.pages) return await collectPages({ first, send, progress, ...delivery });
      return await deliver(await sendOnce(first, input.maxBytes, 0), delivery);
    } catch (error) {
      throw redacted(afterFailure(input, error, answered), named.redactor);
    }
  };
}

/** An error's text may quote what an origin has echoed; its stack goes to the log. */
function redacted(error: unknown, { active, text }: Redactor): unknown {
  if (!active || !(error instanceof Error)) return error;
  if (error instanceof Snooze) return new Snooze(error.code, text(error.message), error.until);
  if (error instanceof TaskError)
    return new TaskError(error.code, text(error.message), { retry: error.retry });
  const clean = new Error(text(error.message));
  clean.stack = text(error.stack ?? '');
  return clean;
}
