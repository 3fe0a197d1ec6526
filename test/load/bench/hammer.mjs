// POSTs as fast as 64 connections can, or at a rate; what autocannon measured.
import autocannon from 'autocannon';

export const NO_OP = { type: 'system.echo', input: { message: 'hello' } };

/**
 * @param {string} url of the server, without a slash at the end
 * @param {{ seconds: number, perSecond?: number, connections?: number }} options perSecond: not faster than this
 * @returns {Promise<{ perSecond: number, accepted: number, p50: number, p99: number }>} milliseconds
 */
export async function hammer(url, { seconds, perSecond, connections = 64 }) {
  const result = await autocannon({
    url: `${url}/v1/tasks`,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(NO_OP),
    connections,
    duration: seconds,
    // A thread of its own, so that reading the event stream does not slow it down.
    workers: 1,
    ...(perSecond === undefined ? {} : { overallRate: Math.round(perSecond) }),
  });
  const wrong = result.non2xx + result.errors + result.timeouts;
  if (wrong > 0) throw new Error(`${wrong} of ${result.requests.total} POSTs to ${url} were not accepted`);
  return {
    perSecond: result['2xx'] / result.duration,
    accepted: result['2xx'],
    p50: result.latency.p50,
    p99: result.latency.p99,
  };
}
