import { Inbox } from './signals.js';

export interface SentEvent {
  event: string;
  id: string | null;
  data: unknown;
}

/** A client of server-sent events that tells what came. */
export interface EventClient {
  status: number;
  headers: Headers;
  events: Inbox<SentEvent>;
  /** Comments that came. */
  comments: Inbox<string>;
  /** Resolves when the server has ended the answer. */
  ended: Promise<void>;
  close(): void;
}

/** Reads an address as a browser's EventSource would, without connecting again. */
export async function openEvents(url: string, headers: Record<string, string> = {}): Promise<EventClient> {
  const left = new AbortController();
  const response = await fetch(url, { headers, signal: left.signal });
  const events = new Inbox<SentEvent>();
  const comments = new Inbox<string>();
  return {
    status: response.status,
    headers: response.headers,
    events,
    comments,
    ended: read(response, events, comments),
    close: () => left.abort(),
  };
}

async function read(response: Response, events: Inbox<SentEvent>, comments: Inbox<string>): Promise<void> {
  let text = '';
  const decoder = new TextDecoder();
  try {
    for await (const bytes of response.body ?? []) {
      text += decoder.decode(bytes, { stream: true });
      const blocks = text.split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) {
        if (block.startsWith(':')) comments.add(block);
        const fields = new Map(block.split('\n').map((line) => line.split(/: ?(.*)/s) as [string, string]));
        const data = fields.get('data');
        if (data === undefined) continue;
        const id = fields.get('id') ?? null;
        events.add({ event: fields.get('event') ?? 'message', id, data: JSON.parse(data) });
      }
    }
  } catch (error) {
    // Closed by the test.
    if ((error as Error).name !== 'AbortError') throw error;
  }
}
