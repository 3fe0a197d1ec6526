import { parentPort } from 'node:worker_threads';
import { TaskError } from '@offload/contracts/errors';
import type { ParseAnswer } from './parse-threads.js';
import { readDocument } from './read-document.js';
import type { FeedBytes } from './read-feed.js';

/** The thread's side of {@link ParseThreads}: one answer a message, an error of any kind included. */
parentPort?.on('message', (feed: FeedBytes) => parentPort?.postMessage(answerTo(feed)));

function answerTo(feed: FeedBytes): ParseAnswer {
  try {
    return { reading: readDocument(feed) };
  } catch (error) {
    if (!(error instanceof TaskError)) return { failed: error };
    return { refused: { code: error.code, message: error.message, retry: error.retry } };
  }
}
