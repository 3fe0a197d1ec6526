import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { dnsResolver, type ResolveHost } from './resolve-host.js';

const TYPE_A = 1;
const TYPE_AAAA = 28;

/** The records of a name by query type; `silent` for a server that never answers, absent: NXDOMAIN. */
type Zone = Record<string, Partial<Record<number, Buffer[] | 'silent'>>>;

const ZONE: Zone = {
  'both.example': {
    [TYPE_A]: [Buffer.from([192, 0, 2, 1])],
    [TYPE_AAAA]: [Buffer.from('20010db8000000000000000000000001', 'hex')],
  },
  'four.example': { [TYPE_A]: [Buffer.from([192, 0, 2, 1]), Buffer.from([192, 0, 2, 2])], [TYPE_AAAA]: [] },
  'six.example': { [TYPE_A]: [], [TYPE_AAAA]: [Buffer.from('20010db8000000000000000000000001', 'hex')] },
  'slow-six.example': { [TYPE_A]: [Buffer.from([192, 0, 2, 1])], [TYPE_AAAA]: 'silent' },
  'dead.example': { [TYPE_A]: 'silent', [TYPE_AAAA]: 'silent' },
};

let server: Socket;
let asked: string[];
let resolve: ResolveHost;
beforeEach(async () => {
  asked = [];
  server = createSocket('udp4', (query, from) => {
    const { name, type, end } = question(query);
    asked.push(name);
    const records = ZONE[name]?.[type];
    if (records !== 'silent') server.send(answer(query, end, type, records), from.port, from.address);
  });
  server.bind(0, '127.0.0.1');
  await once(server, 'listening');
  resolve = dnsResolver({ servers: [`127.0.0.1:${server.address().port}`], timeoutMs: 200 });
});
afterEach(() => new Promise<void>((done) => server.close(done)));

describe('a name', () => {
  test.each([
    ['both.example', ['192.0.2.1', '2001:db8::1']],
    ['BOTH.example.', ['192.0.2.1', '2001:db8::1']],
    ['four.example', ['192.0.2.1', '192.0.2.2']],
    ['six.example', ['2001:db8::1']],
    ['slow-six.example', ['192.0.2.1']],
  ])('%s resolves to %j', async (name, addresses) => {
    expect(await resolve(name)).toEqual(addresses);
  });

  test.each(['localhost', 'LocalHost.', 'a.b.localhost'])(
    '%s is loopback, and no server is asked',
    async (name) => {
      expect(await resolve(name)).toEqual(['127.0.0.1', '::1']);
      expect(asked).toEqual([]);
    },
  );

  test('of a server that does not answer is an error, and the threads of getaddrinfo are left alone', async () => {
    await expect(resolve('dead.example')).rejects.toMatchObject({ code: 'ETIMEOUT', syscall: 'queryA' });
  });
});

/** RFC 1035, section 4.1.2: labels with their lengths, then type and class. */
function question(query: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at]!; length > 0; length = query[at]!) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += length + 1;
  }
  return { name: labels.join('.').toLowerCase(), type: query.readUInt16BE(at + 1), end: at + 5 };
}

/** RFC 1035, section 4.1.3; the name of each record points at the question's. */
function answer(query: Buffer, end: number, type: number, records: Buffer[] | undefined): Buffer {
  const head = Buffer.from(query.subarray(0, end));
  head.writeUInt16BE(records ? 0x8180 : 0x8183, 2);
  head.writeUInt16BE(records?.length ?? 0, 6);
  head.writeUInt16BE(0, 8);
  head.writeUInt16BE(0, 10);
  const sections = (records ?? []).map((data) => {
    const fixed = Buffer.from([0xc0, 12, 0, type, 0, 1, 0, 0, 0, 60, 0, data.length]);
    return Buffer.concat([fixed, data]);
  });
  return Buffer.concat([head, ...sections]);
}
