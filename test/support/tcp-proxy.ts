import net, { type AddressInfo, type Socket } from 'node:net';

/** A link that tests can break. It passes bytes on unread and keeps no more than a socket's buffer of them. */
export interface TcpProxy {
  readonly port: number;
  /** Connections at this moment. */
  readonly open: number;
  /** Ends every connection with a reset and refuses new ones until `resume`. */
  cut(): void;
  /** Ends every connection with a reset; new ones are taken. */
  reset(): void;
  /** Swallows what comes from either side, also of new connections: both ends believe that the link is well. */
  halfOpen(): void;
  /** Passes requests on and swallows the server's replies, also of new connections, until `resume` resets them. */
  loseReplies(): void;
  /** Reads no more from the servers, as a client that does not read: their write buffers fill. For good. */
  stall(): void;
  /** Holds every chunk back for so many milliseconds, each way. 0 ends it. */
  delay(ms: number): void;
  /** Bytes to every client, as if the server had sent them. Only while the link is idle, or it splits a frame. */
  inject(bytes: Buffer): void;
  /** Back to normal. Connections that swallowed bytes are reset: their streams have holes. */
  resume(): void;
  close(): Promise<void>;
}

interface Pair {
  client: Socket;
  server: Socket;
  holed: boolean;
}

/**
 * As a host that has crashed. One that is ending already cannot be reset any more: libuv refuses that (EINVAL), and
 * Node.js 20 then never closes its handle, which keeps the process alive.
 */
const reset = (socket: Socket): void => {
  if (socket.writableEnded) socket.destroy();
  else socket.resetAndDestroy();
};

/** Listens on a free port of 127.0.0.1 and connects each client to the target. */
export async function startTcpProxy(target: { host: string; port: number }): Promise<TcpProxy> {
  const pairs = new Set<Pair>();
  let mode: 'pass' | 'refuse' | 'swallow' | 'lose-replies' = 'pass';
  let delayMs = 0;

  const end = (pair: Pair) => {
    pairs.delete(pair);
    reset(pair.client);
    reset(pair.server);
  };
  const pump = (pair: Pair, from: Socket, to: Socket) => {
    from.on('data', (chunk) => {
      if (mode === 'swallow' || (mode === 'lose-replies' && from === pair.server)) {
        pair.holed = true;
        return;
      }
      // Writing in timer order keeps the order of the chunks: all timers of one delay fire in the order they were set.
      if (delayMs > 0) setTimeout(() => to.writable && to.write(chunk), delayMs);
      else if (!to.write(chunk)) {
        from.pause();
        to.once('drain', () => from.resume());
      }
    });
    from.on('end', () => mode !== 'swallow' && to.end());
    from.on('error', () => end(pair));
    // In swallow mode one end's death is not told to the other: that is what half-open means.
    from.on('close', () => mode !== 'swallow' && end(pair));
  };

  const listener = net.createServer({ noDelay: true }, (client) => {
    if (mode === 'refuse') return reset(client);
    const server = net.connect({ ...target, noDelay: true });
    const pair = { client, server, holed: false };
    pairs.add(pair);
    pump(pair, client, server);
    pump(pair, server, client);
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));

  return {
    port: (listener.address() as AddressInfo).port,
    get open() {
      return pairs.size;
    },
    cut() {
      mode = 'refuse';
      pairs.forEach(end);
    },
    reset: () => pairs.forEach(end),
    halfOpen() {
      mode = 'swallow';
    },
    loseReplies() {
      mode = 'lose-replies';
    },
    stall: () => pairs.forEach(({ server }) => server.pause()),
    delay(ms) {
      delayMs = ms;
    },
    inject: (bytes) => pairs.forEach(({ client }) => client.write(bytes)),
    resume() {
      mode = 'pass';
      pairs.forEach((pair) => (pair.holed || pair.client.destroyed || pair.server.destroyed) && end(pair));
    },
    async close() {
      const closed = new Promise((resolve) => listener.close(resolve));
      pairs.forEach(end);
      await closed;
    },
  };
}
