import { Agent, request, type IncomingMessage } from 'node:http';

export interface Sent {
  method: string;
  /** Path and query, as they go out. */
  address: string;
  headers: Record<string, string>;
  body: Buffer | undefined;
}

export interface Answer {
  status: number;
  headers: Record<string, string>;
  /** Of an event stream: its beginning. */
  body: Buffer;
}

/** Milliseconds for an answer. */
const LIMIT_MS = 20_000;
/** Milliseconds that an event stream is listened to. */
const LISTEN_MS = 10;

/** Sends requests as they are, also ones that no browser or fetch would send. */
export class Sender {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 16 });
  readonly #origin: URL;

  constructor(url: string) {
    this.#origin = new URL(url);
  }

  /** Rejects when there is no whole answer. */
  send({ method, address, headers, body }: Sent): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const { hostname, port } = this.#origin;
      const length = body === undefined ? {} : { 'Content-Length': String(body.length) };
      const sent = request({
        agent: this.#agent,
        hostname,
        port,
        method,
        path: address,
        headers: { ...length, ...headers },
        timeout: LIMIT_MS,
      });
      sent.once('error', reject);
      sent.once('timeout', () => sent.destroy(new Error(`There was no answer within ${LIMIT_MS} ms.`)));
      sent.once('response', (response) => void read(response).then(resolve, reject));
      sent.end(body);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}

async function read(response: IncomingMessage): Promise<Answer> {
  const headers = Object.fromEntries(
    Object.entries(response.headers).map(([name, value]) => [name, String(value)]),
  );
  const answer = { status: response.statusCode ?? 0, headers };
  const chunks: Buffer[] = [];
  const stream = headers['content-type']?.startsWith('text/event-stream') ?? false;
  const enough = stream ? setTimeout(() => response.destroy(), LISTEN_MS) : undefined;
  try {
    for await (const chunk of response) chunks.push(chunk as Buffer);
  } catch (error) {
    if (!stream) throw error;
  }
  clearTimeout(enough);
  return { ...answer, body: Buffer.concat(chunks) };
}
