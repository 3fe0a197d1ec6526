// @ts-check
// Ports on 127.0.0.1: the usual one of a server if it is free, else another free one.

import { createServer } from 'node:net';
import { SetupFailure } from './failure.mjs';

/** Below Linux's range for outgoing connections (ip(7), ip_local_port_range), which could take a port before us. */
const FREE_RANGE = { first: 20_000, last: 31_999 };
const TRIES = 300;

/**
 * @typedef {object} ChosenPort
 * @property {number} port
 * @property {number} [instead]  the usual port, when it was taken
 */

/**
 * Chooses a port for each name; all differ.
 * @template {string} Name
 * @param {Record<Name, number>} usual  the port to try first; 0 for any free one
 * @returns {Promise<Record<Name, ChosenPort>>}
 * @throws {SetupFailure} when none is free
 */
export async function choosePorts(usual) {
  /** @type {import('node:net').Server[]} */
  const held = []; // until all are chosen, so that no two names get the same port
  /** @type {Partial<Record<Name, ChosenPort>>} */
  const chosen = {};
  try {
    for (const [name, port] of /** @type {[Name, number][]} */ (Object.entries(usual))) {
      const own = port === 0 ? undefined : await holdPort(port);
      if (own) held.push(own);
      chosen[name] = own
        ? { port }
        : { ...(await holdFreePort(held)), ...(port === 0 ? {} : { instead: port }) };
    }
  } finally {
    await Promise.all(held.map((server) => new Promise((resolve) => server.close(resolve))));
  }
  return /** @type {Record<Name, ChosenPort>} */ (chosen);
}

/**
 * @param {import('node:net').Server[]} held
 * @returns {Promise<ChosenPort>}
 */
async function holdFreePort(held) {
  for (let n = 0; n < TRIES; n++) {
    const span = FREE_RANGE.last - FREE_RANGE.first + 1;
    const port = FREE_RANGE.first + Math.floor(Math.random() * span);
    const server = await holdPort(port);
    if (!server) continue;
    held.push(server);
    return { port };
  }
  throw portsExhausted();
}

/**
 * @param {number} port
 * @returns {Promise<import('node:net').Server | undefined>} undefined: taken, or not ours to use
 */
function holdPort(port) {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (/** @type {NodeJS.ErrnoException} */ error) => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(undefined);
      else reject(error);
    });
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => resolve(server));
  });
}

export function portsExhausted() {
  return new SetupFailure(
    'No free port was found on 127.0.0.1',
    `${TRIES} ports between ${FREE_RANGE.first} and ${FREE_RANGE.last} were tried; all of them are taken.`,
    [
      'end programs that hold many ports (`ss -ltnp` lists them) and start again',
      'or use servers that run already: set AMQP_URL, MONGODB_URI and S3_ENDPOINT (with its keys)',
    ],
  );
}
