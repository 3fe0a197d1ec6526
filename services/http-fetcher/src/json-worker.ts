import { answerRequests } from '@offload/worker/kept-threads';
import { readJson, type JsonRequest } from './read-json.js';

/** The thread's side of JsonThreads. A Buffer arrives as the Uint8Array that it is. */
answerRequests((request: JsonRequest) => {
  const { buffer, byteOffset, length } = request.bytes;
  return readJson({ ...request, bytes: Buffer.from(buffer, byteOffset, length) });
});
