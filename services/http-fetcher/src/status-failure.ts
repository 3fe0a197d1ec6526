import { TaskError } from '@offload/contracts/errors';
import type { OutboundResponse } from '@offload/outbound/outbound';
import { statusError } from '@offload/outbound/status-error';
import type { Redactor } from './redact.js';

const EXCERPT_CHARS = 300;
const EXCERPT_BYTES = 4_096;
/** An error page that does not come soon is not waited for. */
const EXCERPT_MS = 1_000;

/**
 * The error of an answer whose status is not accepted: as `statusError` has it, and what the origin said, in short and
 * without secrets, when it is text. Gives the response's body up.
 */
export async function statusFailure(response: OutboundResponse, redactor: Redactor): Promise<TaskError> {
  const said = redactor.text(await beginning(response));
  const { code, message, retry } = statusError(response);
  // Not Implemented, HTTP Version Not Supported: no other time changes that.
  const lasting = [501, 505].includes(response.status);
  return new TaskError(code, said === '' ? message : `${message} It said: ${said}`, {
    retry: lasting ? 'no' : retry,
  });
}

async function beginning({ headers, body }: OutboundResponse): Promise<string> {
  if (!/^(text\/(?!html)|application\/([\w.+-]*json|[\w.+-]*xml))/i.test(headers['content-type'] ?? ''))
    return '';
  const timer = setTimeout(() => body.destroy(), EXCERPT_MS);
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      if ((size += chunk.length) >= EXCERPT_BYTES) break;
    }
  } catch {
    // What has come until it broke, or until its time was over, is all there is; the status says the rest.
  } finally {
    clearTimeout(timer);
  }
  const text = Buffer.concat(chunks).toString('utf8');
  return shortened(text);
}

/** One line for people, without control characters. */
function shortened(text: string): string {
  // eslint-disable-next-line no-control-regex -- they are what is taken out
  const line = text.replace(/[\u0000-\u0020\u007f-\u009f\ufffd]+/g, ' ').trim();
  return line.length > EXCERPT_CHARS ? `${line.slice(0, EXCERPT_CHARS).trimEnd()}…` : line;
}
