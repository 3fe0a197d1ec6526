import { parentPort } from 'node:worker_threads';
import { TaskError } from '@offload/contracts/errors';
import type { ParseAnswer } from './parse-threads.js';
import { readFeed, type FeedBytes } from './read-feed.js';

/** The thread's side of {@link ParseThreads}: one answer a message, an error of any kind included. */
parentPort?.on('message', (feed: FeedBytes) => {
  void readFeed(feed)
    .then(
      (reading): ParseAnswer => ({ reading }),
      (error: unknown): ParseAnswer =>
        error instanceof TaskError
          ? { refused: { code: error.code, message: error.message, retry: error.retry } }
          : { failed: error },
    )
    .then((answer) => parentPort?.postMessage(answer));
});
