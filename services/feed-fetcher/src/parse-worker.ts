import { answerRequests } from '@offload/worker/kept-threads';
import { readDocument } from './read-document.js';

/** The thread's side of ParseThreads. */
answerRequests(readDocument);
