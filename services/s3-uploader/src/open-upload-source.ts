import type { Outbound } from '@offload/outbound/outbound';
import { UPLOAD_LIMITS, s3Upload } from '@offload/contracts/s3-upload';
import type { Source } from '@offload/contracts/source';
import type { HandlerContext } from '@offload/worker/handler';
import { nameOf, openSource, typeOf } from '@offload/worker/open-source';
import { streamBody, type SourceBody } from './source-body.js';
import { UrlBody } from './url-body.js';

export interface UploadSource {
  body: SourceBody;
  /** As its origin or uploader calls it. */
  name: string;
  /** Media type as they say it. */
  type: string;
  /** Hex; null for a URL. */
  sha256: string | null;
}

/**
 * Opens one source. Throws TaskError, as openSource does.
 * @param options.again it has been read already, so a busy host is waited for: a task put off would read it once more
 */
export async function openUploadSource(
  source: Source,
  context: Pick<HandlerContext, 'files' | 'signal' | 'log'>,
  outbound: Pick<Outbound, 'fetch'>,
  { again }: { again: boolean },
): Promise<UploadSource> {
  const { bytes: maxBytes } = UPLOAD_LIMITS;
  const deadlineMs = s3Upload.timeoutMs;
  if ('url' in source) {
    const { signal, log } = context;
    const patienceMs = again ? deadlineMs : 0;
    const body = await UrlBody.open({
      url: source.url,
      outbound,
      signal,
      log,
      maxBytes,
      deadlineMs,
      patienceMs,
    });
    return { body, name: nameOf(body.first.url), type: typeOf(body.first), sha256: null };
  }
  const { stream, name, type, size, sha256 } = await openSource(source, {
    context,
    outbound,
    maxBytes,
    deadlineMs,
  });
  return { body: streamBody(stream, size), name, type, sha256 };
}
