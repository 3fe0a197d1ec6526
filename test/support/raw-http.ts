import { once } from 'node:events';
import net from 'node:net';

/** A connection on which a test writes HTTP byte by byte. */
export interface RawConnection {
  socket: net.Socket;
  /** What came so far. */
  readonly received: string;
  /** Resolves with all that came when it matches. */
  until(pattern: RegExp): Promise<string>;
  /** Resolves with all that came when the server has ended the connection. */
  closed: Promise<string>;
}

/** Connects and sends these bytes. */
export async function rawConnection(url: string, bytes: string | Buffer = ''): Promise<RawConnection> {
  const socket = net.connect(Number(new URL(url).port), new URL(url).hostname);
  await once(socket, 'connect');
  let received = '';
  socket.on('data', (chunk: Buffer) => (received += chunk.toString('latin1')));
  // A reset after the answer is as good as an end.
  socket.on('error', () => socket.destroy());
  const closed = new Promise<string>((resolve) => {
    socket.on('end', () => resolve(received));
    socket.on('close', () => resolve(received));
  });
  socket.write(bytes);
  return {
    socket,
    get received() {
      return received;
    },
    closed,
    until: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (!pattern.test(received)) return;
          socket.off('data', look);
          resolve(received);
        };
        socket.on('data', look);
        void closed.then(() => reject(new Error(`The connection ended without ${pattern}: ${received}`)));
        look();
      }),
  };
}
