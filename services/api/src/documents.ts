import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { RequestHandler } from 'express';
import type { oas31 } from 'zod-openapi';
import { asyncApiDocument } from './asyncapi.js';
import { errorsHtml } from './errors-page.js';
import type { Routes } from './routes.js';

/** Swagger UI's own files; nothing comes from anywhere else. */
const SWAGGER_FILES = ['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png'] as const;

/** `/openapi.json`, `/asyncapi.json` and the pages that explain them, for a browser without the internet. */
export function documentRoutes(openApi: oas31.OpenAPIObject): Routes {
  return {
    '/openapi.json': { get: [sendText('application/json', JSON.stringify(openApi))] },
    '/asyncapi.json': { get: [sendText('application/json', JSON.stringify(asyncApiDocument()))] },
    '/docs': { get: [sendText('text/html', docsPage())] },
    '/docs/init.js': { get: [sendText('text/javascript', INIT)] },
    '/docs/errors': { get: [sendText('text/html', page('Offload errors', '', errorsHtml()))] },
    // What the page was called before.
    '/docs/problems': { get: [(_request, response) => response.redirect(308, '/docs/errors')] },
    ...Object.fromEntries(SWAGGER_FILES.map((name) => [`/docs/${name}`, { get: [sendSwaggerFile(name)] }])),
  };
}

const sendText =
  (type: string, text: string): RequestHandler =>
  (_request, response) => {
    response.type(type).set('Cache-Control', 'no-cache').send(text);
  };

const swaggerFolder = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));

const sendSwaggerFile =
  (name: (typeof SWAGGER_FILES)[number]): RequestHandler =>
  (_request, response) => {
    response.sendFile(join(swaggerFolder, name), { maxAge: '1h' });
  };

const page = (title: string, head: string, body: string): string =>
  [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${title}</title>`,
    head,
    '</head>',
    `<body>${body}</body>`,
    '</html>',
    '',
  ].join('\n');

function docsPage(): string {
  const head = [
    '<link rel="icon" href="/docs/favicon-32x32.png">',
    '<link rel="stylesheet" href="/docs/swagger-ui.css">',
    '<script src="/docs/swagger-ui-bundle.js" defer></script>',
    '<script src="/docs/init.js" defer></script>',
  ];
  return page('Offload API', head.join('\n'), '<main id="docs"></main>');
}

/** A file of its own: the pages allow no inline script. */
const INIT = `SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#docs',
  deepLinking: true,
  tryItOutEnabled: true,
  validatorUrl: null,
});
`;
