import express, { type Express, type RequestHandler } from 'express';
import type { Log } from '@offload/runtime/logger';
import type { Store } from '@offload/store/open-store';
import { answerErrors } from './answer-error.js';
import { compareTags } from './compare-tags.js';
import { documentRoutes } from './documents.js';
import { fileRoutes } from './files.js';
import { healthRoutes } from './health.js';
import { localOnly } from './local-only.js';
import { Problem } from './problem.js';
import { storeUnavailable } from './problem-of-error.js';
import { requestId, requestIdOf } from './request-id.js';
import { mount, type Routes } from './routes.js';
import { securityHeaders } from './security-headers.js';
import type { Submitter } from './submit-task.js';
import type { TaskWaits } from './task-waits.js';
import { taskRoutes } from './tasks.js';

export interface AppOptions {
  store: Pick<Store, 'connection' | 'tasks' | 'files' | 'dependencies'>;
  submitter: Pick<Submitter, 'submit'>;
  waits: TaskWaits;
  broker: { readonly connected: boolean };
  log: Log;
  /** Aborts when the process stops. */
  stopping: AbortSignal;
  /** Only this machine can reach the server: then only its own pages may use it. */
  local: boolean;
  /** Bytes of one upload. */
  fileMaxBytes: number;
  /** Milliseconds without a byte after which an upload counts as given up; given in tests. */
  uploadIdleMs?: number;
  /** Folder of the web app's files. */
  pagesFolder: string;
}

/** Every route of the API, for the server and for the test that compares them with the OpenAPI document. */
export const routesOf = (options: AppOptions): Routes => ({
  ...taskRoutes(options),
  ...fileRoutes(options),
  ...healthRoutes(options),
  ...documentRoutes(),
});

export function createApp(options: AppOptions): Express {
  const { log, store, waits, stopping } = options;
  // Requests that wait are answered with what there is.
  stopping.addEventListener('abort', () => waits.endAll());
  const app = express();
  app.disable('x-powered-by');
  app.use(requestId, logRequests(log), securityHeaders, compareTags);
  if (options.local) app.use(localOnly);
  app.use((_request, response, next) => {
    // A stopping server must not be sent another request on this connection.
    if (stopping.aborted) response.set('Connection', 'close');
    next();
  });
  app.use('/v1', (_request, _response, next) => {
    // At once, where the driver would first look for a server for some seconds.
    if (!store.connection.connected) throw storeUnavailable();
    next();
  });
  mount(app, routesOf(options));
  app.use(express.static(options.pagesFolder));
  app.use(() => {
    throw new Problem('not-found', 'See /docs for what there is.');
  });
  app.use(answerErrors(log));
  return app;
}

const logRequests =
  (log: Log): RequestHandler =>
  (request, response, next) => {
    const began = performance.now();
    response.once('close', () => {
      const ms = Math.round(performance.now() - began);
      const { method, path } = request;
      log.debug('request', {
        requestId: requestIdOf(response),
        method,
        path,
        status: response.statusCode,
        ms,
      });
    });
    next();
  };
