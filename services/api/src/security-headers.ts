import type { RequestHandler } from 'express';
import helmet from 'helmet';

/** Nothing inline and nothing from elsewhere: pages and documents are made of files of this server. */
export const securityHeaders: RequestHandler = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      'default-src': ["'self'"],
      'img-src': ["'self'", 'data:', 'blob:'],
      'object-src': ["'none'"],
      'base-uri': ["'none'"],
      'form-action': ["'self'"],
      'frame-ancestors': ["'none'"],
    },
  },
  xPoweredBy: false,
});
