// Written by `npm run gen` from docs/openapi.json.

import type { Submit } from './submission.js';

/** Every task type that may be submitted, and its method. */
export const taskMethods = {
  systemEcho: 'system.echo',
  feedFetch: 'feed.fetch',
  httpFetch: 'http.fetch',
  imageResize: 'image.resize',
  s3Upload: 's3.upload',
} as const;

/** One method per task type. Input, options and result: docs/tasks.md. */
export interface TaskMethods {
  /** Returns its message, on demand after a delay or with an error. */
  systemEcho: Submit<'system.echo'>;
  /** Fetches a feed (RSS, Atom or JSON Feed), or the feed of a web page, and returns its facts and newest entries. */
  feedFetch: Submit<'feed.fetch'>;
  /** Calls a remote HTTP API and returns its answer as JSON or as a file. */
  httpFetch: Submit<'http.fetch'>;
  /** Makes several variants (size, crop, format, quality, effects) of one image in one decode. */
  imageResize: Submit<'image.resize'>;
  /** Streams a source, or several files of a task, to a bucket, checksummed end to end. */
  s3Upload: Submit<'s3.upload'>;
}
