// Sees tasks end by the owner's event stream, as a client would.
import { once } from 'node:events';
import { get } from 'node:http';

const ENDED = new Set(['succeeded', 'failed', 'cancelled']);

/**
 * @param {string} url of the API
 * @returns {Promise<{ seen(id: string): Promise<void>, count(n: number): Promise<void>, close(): void }>} promises reject
 * when the stream has lost events, or a task has not succeeded
 */
export async function watchEnds(url) {
  const request = get(`${url}/v1/events`);
  const [response] = await once(request, 'response');
  if (response.statusCode !== 200) throw new Error(`The event stream was answered ${response.statusCode}.`);
  const ended = new Set();
  let waiting = [];
  let failure;

  const look = () => {
    waiting = waiting.filter(({ holds, resolve, reject }) => {
      if (failure) reject(failure);
      else if (holds()) resolve();
      else return true;
      return false;
    });
  };
  const until = (holds) =>
    new Promise((resolve, reject) => {
      waiting.push({ holds, resolve, reject });
      look();
    });
  const fail = (text) => {
    failure ??= new Error(text);
  };

  /** @param {string} event its lines */
  const take = (event) => {
    // Told at the start as well, when the API has just begun to listen.
    if (/^event: reset$/m.test(event) && ended.size > 0) fail('The event stream has lost events.');
    const data = /^event: task$/m.test(event) && /^data: (.*)$/m.exec(event)?.[1];
    if (!data) return;
    const { id, state } = JSON.parse(data);
    if (!ENDED.has(state)) return;
    if (state !== 'succeeded') fail(`A task of the bench has ended as ${state}: ${data}`);
    ended.add(id);
  };
  let rest = '';
  response.setEncoding('utf8').on('data', (chunk) => {
    const events = (rest + chunk).split('\n\n');
    rest = events.pop() ?? '';
    events.forEach(take);
    look();
  });
  response
    .on('error', () => undefined)
    .on('close', () => {
      fail('The event stream has ended.');
      look();
    });

  return {
    count: (n) => until(() => ended.size >= n),
    seen: (id) => until(() => ended.has(id)),
    close: () => request.destroy(),
  };
}
