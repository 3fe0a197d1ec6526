import { parentPort } from 'node:worker_threads';
import { TaskError } from '@offload/contracts/errors';
import type { JsonAnswer } from './json-threads.js';
import { readJson, type JsonRequest } from './read-json.js';

/** The thread's side of {@link JsonThreads}: one answer a message, an error of any kind included. */
parentPort?.on('message', (request: JsonRequest) => parentPort?.postMessage(answerTo(request)));

function answerTo(request: JsonRequest): JsonAnswer {
  try {
    // A Buffer arrives as the Uint8Array that it is.
    const { buffer, byteOffset, length } = request.bytes;
    return { reading: readJson({ ...request, bytes: Buffer.from(buffer, byteOffset, length) }) };
  } catch (error) {
    if (!(error instanceof TaskError)) return { failed: error };
    const { code, message, retry } = error;
    return { refused: { code, message, retry } };
  }
}
