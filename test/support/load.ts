import { setTimeout as sleep } from 'node:timers/promises';
import { bytes, type Answer, type Origin } from './origin.js';
import { sampleFeed, samplePng } from './sample-content.js';
import { Inbox } from './signals.js';
import type { System } from './system.js';

/** A task that was answered 202. */
export interface Accepted {
  id: string;
  type: string;
  /** The path that its work asks of the origin, when no other task asks it. */
  path?: string;
  /** The key that its work writes to the bucket `offload`. */
  key?: string;
}

/** Tasks of every type in turn, posted at a steady pace whatever happens to the API. */
export interface Load {
  accepted: Inbox<Accepted>;
  /** POSTs that were answered with something else, or not at all. */
  readonly refused: number;
  /** Resolves when the last answer is there. */
  stop(): Promise<void>;
}

export interface LoadOptions {
  /** Milliseconds between two POSTs. */
  everyMs?: number;
  /** How long the origin of a feed or an answer and an echo take, in milliseconds. */
  workMs?: number;
  /** Only these of the types. */
  types?: string[];
  /** The origin's address as workers are to see it, e.g. a proxy's; without a slash at the end. */
  originUrl?: string;
}

/** What is posted: its input, and what it leaves behind outside. */
type Maker = (n: number) => Omit<Accepted, 'id'> & { input: unknown };

const POST_MS = 10_000;

export function startLoad(system: System, origin: Origin, options: LoadOptions = {}): Load {
  const accepted = new Inbox<Accepted>();
  const stopped = new AbortController();
  const makers = makersOf(origin, options);
  let refused = 0;

  const post = async (n: number): Promise<void> => {
    const make = makers[n % makers.length];
    if (!make) throw new Error('There is no such type.');
    const { input, ...made } = make(n);
    try {
      const { id } = await system.submit(made.type, input, { signal: AbortSignal.timeout(POST_MS) });
      accepted.add({ id, ...made });
    } catch {
      // No 202, no promise: the ledger is about those that were accepted.
      refused += 1;
    }
  };
  const run = async (): Promise<void> => {
    const posts = new Set<Promise<void>>();
    for (let n = 0; !stopped.signal.aborted; n++) {
      const posted = post(n).finally(() => posts.delete(posted));
      posts.add(posted);
      await sleep(options.everyMs ?? 60);
    }
    await Promise.all(posts);
  };
  const running = run();

  return {
    accepted,
    get refused() {
      return refused;
    },
    async stop() {
      stopped.abort();
      await running;
    },
  };
}

/** Each with work that takes a moment; feeds and answers have a path of their own, so that every attempt can be counted. */
function makersOf(origin: Origin, { workMs = 300, types, originUrl = origin.url }: LoadOptions): Maker[] {
  const feed = bytes(sampleFeed(5), { 'content-type': 'application/rss+xml' });
  const answer = bytes('{"answer":42}', { 'content-type': 'application/json' });
  origin.serve('/picture.png', bytes(samplePng(400, 300), { 'content-type': 'image/png' }));
  const picture = { url: `${originUrl}/picture.png` };
  const run = Date.now().toString(36);
  const slowly = (path: string, send: Answer): { path: string; input: { url: string } } => {
    origin.serve(path, async (request, response, times, left) => {
      await sleep(workMs, undefined, { signal: left });
      await send(request, response, times, left);
    });
    return { path, input: { url: originUrl + path } };
  };
  const makers: Record<string, Maker> = {
    'feed.fetch': (n) => ({ type: 'feed.fetch', ...slowly(`/feed/${n}`, feed) }),
    'image.resize': () => ({
      type: 'image.resize',
      input: { source: picture, variants: [{ width: 60 }, { width: 30, format: 'jpeg' }] },
    }),
    'http.fetch': (n) => ({ type: 'http.fetch', ...slowly(`/answer/${n}`, answer) }),
    's3.upload'(n) {
      const key = `chaos/${run}-${n}.png`;
      return { type: 's3.upload', key, input: { source: picture, bucket: 'offload', key } };
    },
    'system.echo': (n) => ({ type: 'system.echo', input: { message: String(n), delayMs: workMs } }),
  };
  return Object.keys(makers).flatMap((type) =>
    !types || types.includes(type) ? [makers[type] as Maker] : [],
  );
}
