// @ts-check
// A small web site on loopback, as the tasks' origin: a feed, the picture in it, and an API.

import { once } from 'node:events';
import { createServer } from 'node:http';
import { demoFeed } from './demo-feed.mjs';

/**
 * @param {Buffer} picture  a PNG
 * @returns {Promise<{ feedUrl: string, apiUrl: string, close: () => Promise<void> }>}
 */
export async function startDemoOrigin(picture) {
  let url = '';
  const server = createServer((request, response) => {
    if (request.url === '/feed.xml') {
      response.writeHead(200, { 'content-type': 'application/rss+xml; charset=utf-8' }).end(demoFeed(url));
    } else if (request.url === '/dusk.png') {
      response.writeHead(200, { 'content-type': 'image/png' }).end(picture);
    } else if (request.url === '/api/hills.json') {
      const hills = ['Ash Hill', 'Beacon Hill', 'Crow Hill'].map((name, id) => ({ id, name }));
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ hills }));
    } else {
      response
        .writeHead(404, { 'content-type': 'text/plain' })
        .end('Only /feed.xml, /dusk.png and /api/hills.json are here.\n');
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The demo origin has no port.');
  url = `http://127.0.0.1:${address.port}`;
  return {
    feedUrl: `${url}/feed.xml`,
    apiUrl: `${url}/api/hills.json`,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
