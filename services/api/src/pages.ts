import { join } from 'node:path';
import express, { Router, type RequestHandler } from 'express';

/** First parts of the web app's addresses (services/pages/src/routes.ts); each is answered with its one document. */
const APP_PATHS: readonly string[] = [
  '',
  'reader',
  'images',
  'new-task',
  'tasks',
  'dead-letters',
  'schedules',
  'keys',
  'webhooks',
];

/**
 * The built web app. Files under assets/ carry a hash of their content in their name and never change; everything else
 * is asked for again each time. Addresses that are not the app's are left to who comes next.
 */
export function servePages(folder: string): Router {
  const router = Router();
  router.use(
    '/assets',
    express.static(join(folder, 'assets'), { immutable: true, maxAge: '1y', index: false, redirect: false }),
  );
  router.use(
    express.static(folder, { cacheControl: false, index: false, redirect: false, setHeaders: noCache }),
  );
  router.use(appDocument(folder));
  return router;
}

const noCache = (response: { setHeader(name: string, value: string): unknown }): void => {
  response.setHeader('Cache-Control', 'no-cache');
};

const appDocument =
  (folder: string): RequestHandler =>
  (request, response, next) => {
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    const first = request.path.split('/')[1] ?? '';
    if (!isRead || !APP_PATHS.includes(first)) return next();
    noCache(response);
    response.sendFile('index.html', { root: folder, cacheControl: false }, (error) => {
      // A folder that was not built is told as any address without content.
      if (error && !response.headersSent) next();
    });
  };
