// @ts-check
// Asks a port whether an AMQP 0-9-1 broker answers there, before any dependency is installed.

import { connect } from 'node:net';

/** AMQP 0-9-1 specification, 4.2.2: the client opens by naming the protocol and its version. */
const PROTOCOL_HEADER = Buffer.from([0x41, 0x4d, 0x51, 0x50, 0, 0, 9, 1]);

/**
 * Resolves when the broker offers to begin a connection (its `connection.start`).
 * @param {number} port on 127.0.0.1
 * @returns {Promise<void>}
 */
export function probeAmqp(port) {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.setTimeout(5_000, () => socket.destroy(new Error('no answer to the AMQP protocol header')));
    socket.once('connect', () => socket.write(PROTOCOL_HEADER));
    socket.once('data', (bytes) => {
      socket.destroy();
      // A method frame (type 1) on channel 0 with class 10 (connection), method 10 (start).
      if (bytes[0] === 1 && bytes.length > 11 && bytes.readUInt32BE(7) === 0x000a000a) resolve();
      else reject(new Error('what answers is not an AMQP 0-9-1 broker'));
    });
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('the broker closed the connection')));
  });
}
