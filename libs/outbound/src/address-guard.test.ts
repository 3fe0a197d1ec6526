import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startOrigin, bytes, redirect, type Origin } from '../../../test/support/origin.js';
import { createOutbound } from './create-outbound.js';
import { checkTarget, isPublicAddress, parseTarget } from './address-guard.js';
import { allowList } from './allow-list.js';
import ipaddr from 'ipaddr.js';
import { readUrl } from './read-url.js';

const LIMITS = { deadlineMs: 2_000, maxBytes: 1_000 };

/** Hosts in a URL as a client may write them, and what comes of them without any OUTBOUND_ALLOW. */
const URLS: [form: string, url: string, code: 'address-refused' | 'invalid-url'][] = [
  ['loopback', 'http://127.0.0.1/', 'address-refused'],
  ['loopback, another of the block', 'http://127.255.255.254/', 'address-refused'],
  ['decimal', 'http://2130706433/', 'address-refused'],
  ['octal', 'http://0177.0.0.1/', 'address-refused'],
  ['octal, one number', 'http://017700000001/', 'address-refused'],
  ['hexadecimal', 'http://0x7f.0x0.0x0.0x1/', 'address-refused'],
  ['hexadecimal, one number', 'http://0x7f000001/', 'address-refused'],
  ['mixed bases', 'http://0x7f.0.1/', 'address-refused'],
  ['short, two parts', 'http://127.1/', 'address-refused'],
  ['short, one part: all zero', 'http://0/', 'address-refused'],
  ['short, three parts', 'http://127.0.1/', 'address-refused'],
  ['short, one part: the first of 0/8', 'http://1/', 'address-refused'],
  ['hexadecimal, upper case', 'http://0X7F000001/', 'address-refused'],
  ['hexadecimal, many zeros', 'http://0x000000000000007f.1/', 'address-refused'],
  ['hexadecimal, no digits: zero', 'http://0x/', 'address-refused'],
  ['octal, many zeros', 'http://000000000177.1/', 'address-refused'],
  ['decimal: cloud metadata', 'http://2852039166/', 'address-refused'],
  ['hexadecimal: cloud metadata', 'http://0xa9fea9fe/', 'address-refused'],
  ['octal: cloud metadata', 'http://0251.0376.0251.0376/', 'address-refused'],
  ['trailing dot', 'http://127.0.0.1./', 'address-refused'],
  ['trailing dot, one number', 'http://0x7f000001./', 'address-refused'],
  ['percent-encoded dots', 'http://127%2e0%2e0%2e1/', 'address-refused'],
  ['percent-encoded full-width digits', 'http://%EF%BC%91%EF%BC%92%EF%BC%97.1/', 'address-refused'],
  ['a soft hyphen within', 'http://127.0.0\u00ad.1/', 'address-refused'],
  ['a zero-width space within', 'http://127.\u200b0.0.1/', 'address-refused'],
  ['a back slash before an @', 'http://127.0.0.1\\@example.com/', 'address-refused'],
  ['five slashes', 'http://///127.0.0.1/', 'address-refused'],
  ['percent-encoded', 'http://%31%32%37.0.0.1/', 'address-refused'],
  ['full-width digits', 'http://１２７.0.0.1/', 'address-refused'],
  ['circled digits', 'http://①②⑦.⓪.⓪.①/', 'address-refused'],
  ['ideographic dots', 'http://127。0。0。1/', 'address-refused'],
  ['back slashes', 'http:\\\\127.0.0.1\\', 'address-refused'],
  ['no slashes', 'http:127.0.0.1', 'address-refused'],
  ['upper-case scheme', 'HTTP://127.0.0.1/', 'address-refused'],
  ['unspecified', 'http://0.0.0.0/', 'address-refused'],
  ['this network, 0/8', 'http://0.1.2.3/', 'address-refused'],
  ['private 10/8', 'http://10.0.0.1/', 'address-refused'],
  ['private 172.16/12', 'http://172.31.255.255/', 'address-refused'],
  ['private 192.168/16', 'http://192.168.1.1/', 'address-refused'],
  ['shared, CGNAT 100.64/10', 'http://100.100.100.200/', 'address-refused'],
  ['link-local: cloud metadata', 'http://169.254.169.254/latest/meta-data/', 'address-refused'],
  ['Azure host services', 'http://168.63.129.16/', 'address-refused'],
  ['IETF protocol assignments', 'http://192.0.0.192/', 'address-refused'],
  ['IETF protocol assignments: DS-Lite', 'http://192.0.0.1/', 'address-refused'],
  ['documentation, TEST-NET-1', 'http://192.0.2.1/', 'address-refused'],
  ['documentation, TEST-NET-2', 'http://198.51.100.1/', 'address-refused'],
  ['documentation, TEST-NET-3', 'http://203.0.113.1/', 'address-refused'],
  ['benchmarking', 'http://198.18.0.1/', 'address-refused'],
  ['benchmarking, the end', 'http://198.19.255.255/', 'address-refused'],
  ['shared, CGNAT: the begin', 'http://100.64.0.0/', 'address-refused'],
  ['shared, CGNAT: the end', 'http://100.127.255.255/', 'address-refused'],
  ['6to4 relay anycast', 'http://192.88.99.1/', 'address-refused'],
  ['AS112', 'http://192.175.48.1/', 'address-refused'],
  ['AMT', 'http://192.52.193.1/', 'address-refused'],
  ['multicast', 'http://224.0.0.1/', 'address-refused'],
  ['reserved', 'http://240.0.0.1/', 'address-refused'],
  ['broadcast', 'http://255.255.255.255/', 'address-refused'],
  ['IPv6 loopback', 'http://[::1]/', 'address-refused'],
  ['IPv6 loopback, long', 'http://[0000:0000:0000:0000:0000:0000:0000:0001]/', 'address-refused'],
  ['IPv6 unspecified', 'http://[::]/', 'address-refused'],
  ['IPv4-mapped', 'http://[::ffff:127.0.0.1]/', 'address-refused'],
  ['IPv4-mapped, hexadecimal', 'http://[::ffff:7f00:1]/', 'address-refused'],
  ['IPv4-mapped, public', 'http://[::ffff:8.8.8.8]/', 'address-refused'],
  ['IPv4-translated (SIIT)', 'http://[::ffff:0:7f00:1]/', 'address-refused'],
  ['IPv4-compatible', 'http://[::127.0.0.1]/', 'address-refused'],
  ['NAT64', 'http://[64:ff9b::127.0.0.1]/', 'address-refused'],
  ['NAT64, local use', 'http://[64:ff9b:1::a00:1]/', 'address-refused'],
  ['6to4', 'http://[2002:7f00:1::]/', 'address-refused'],
  ['Teredo', 'http://[2001::7f00:1]/', 'address-refused'],
  ['ISATAP', 'http://[2600:1::5efe:127.0.0.1]/', 'address-refused'],
  ['ISATAP, universal bit', 'http://[2600:1::200:5efe:10.0.0.1]/', 'address-refused'],
  ['unique local', 'http://[fd00:ec2::254]/', 'address-refused'],
  ['IPv6 link-local', 'http://[fe80::1]/', 'address-refused'],
  ['site-local', 'http://[fec0::1]/', 'address-refused'],
  ['IPv6 multicast', 'http://[ff02::1]/', 'address-refused'],
  ['IPv6 documentation', 'http://[2001:db8::1]/', 'address-refused'],
  ['IPv6 documentation, new', 'http://[3fff::1]/', 'address-refused'],
  ['IPv4-compatible, cloud metadata', 'http://[::a9fe:a9fe]/', 'address-refused'],
  ['IPv4-mapped, long', 'http://[0:0:0:0:0:ffff:10.0.0.1]/', 'address-refused'],
  ['IPv4-mapped, cloud metadata', 'http://[::FFFF:169.254.169.254]/', 'address-refused'],
  ['NAT64, public', 'http://[64:ff9b::8.8.8.8]/', 'address-refused'],
  ['6to4, public', 'http://[2002:808:808::1]/', 'address-refused'],
  ['unique local, first half', 'http://[fc00::1]/', 'address-refused'],
  ['unique local, GCP metadata', 'http://[fd20:ce::254]/', 'address-refused'],
  ['IPv6 link-local, metadata', 'http://[fe80::a9fe:a9fe]/', 'address-refused'],
  ['ORCHID', 'http://[2001:10::1]/', 'address-refused'],
  ['ORCHIDv2', 'http://[2001:20::1]/', 'address-refused'],
  ['drone remote ID', 'http://[2001:30::1]/', 'address-refused'],
  ['IPv6 benchmarking', 'http://[2001:2::1]/', 'address-refused'],
  ['IPv6 AS112', 'http://[2001:4:112::1]/', 'address-refused'],
  ['segment routing', 'http://[5f00::1]/', 'address-refused'],
  ['IPv6 documentation, new, the end', 'http://[3fff:fff::1]/', 'address-refused'],
  ['IPv6 discard', 'http://[100::1]/', 'address-refused'],
  ['IPv6 not assigned', 'http://[4000::1]/', 'address-refused'],
  ['a name for loopback', 'http://localhost/', 'address-refused'],
  ['a name for loopback, trailing dot', 'http://LocalHost./', 'address-refused'],
  ['a name below localhost', 'http://a.localhost/', 'address-refused'],
  ['a name for loopback, circled letters', 'http://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ/', 'address-refused'],
  ['a name for loopback, soft hyphen', 'http://local\u00adhost/', 'address-refused'],
  ['mDNS', 'http://printer.local/', 'address-refused'],
  ['a service of Kubernetes', 'http://api.default.svc.cluster.local./', 'address-refused'],
  ['private use: GCP metadata', 'http://metadata.google.internal/', 'address-refused'],
  ['private use, upper case', 'http://DB.INTERNAL/', 'address-refused'],
  ['a home network', 'http://router.home.arpa/', 'address-refused'],
  ['an onion service', 'http://example.onion/', 'address-refused'],
  ['a name outside of DNS', 'http://example.alt/', 'address-refused'],
  ['a bad port: SMTP', 'http://example.com:25/', 'address-refused'],
  ['a bad port: zero', 'http://example.com:0/', 'address-refused'],
  ['a bad port: IRC', 'https://example.com:6667/', 'address-refused'],
  ['a zone id', 'http://[fe80::1%25eth0]/', 'invalid-url'],
  ['a zone id, bare', 'http://[fe80::1%eth0]/', 'invalid-url'],
  ['too large a part', 'http://256.0.0.1/', 'invalid-url'],
  ['too large a number', 'http://4294967296/', 'invalid-url'],
  ['a number at the end', 'http://example.1/', 'invalid-url'],
  ['IPv4 in brackets', 'http://[127.0.0.1]/', 'invalid-url'],
  ['IPv6 without brackets', 'http://::1/', 'invalid-url'],
  ['IPv4-mapped in hexadecimal parts', 'http://[::ffff:0x7f.1]/', 'invalid-url'],
  ['percent-encoded IPv6', 'http://%5B::1%5D/', 'invalid-url'],
  ['a percent-encoded slash in the host', 'http://127.0.0.1%2f@example.com/', 'invalid-url'],
  ['a percent-encoded null in the host', 'http://127.0.0.1%00.example.com/', 'invalid-url'],
  ['a space in the host', 'http://example .com/', 'invalid-url'],
  ['a port out of range', 'http://example.com:65536/', 'invalid-url'],
  ['a port that is none', 'http://example.com:80a/', 'invalid-url'],
  ['five parts', 'http://1.2.3.4.5/', 'invalid-url'],
  ['credentials', 'http://user:secret@example.com/', 'invalid-url'],
  ['credentials that look like a host', 'http://example.com@127.0.0.1/', 'invalid-url'],
  ['a user name only', 'http://user@example.com/', 'invalid-url'],
  ['a line end in the host', 'http://exam\nple.com/', 'invalid-url'],
  ['a tab in the scheme', 'ht\ttp://example.com/', 'invalid-url'],
  ['a null character', 'http://example.com/\u0000', 'invalid-url'],
  ['a header in the path', 'http://example.com/ HTTP/1.1\r\nHost: inner', 'invalid-url'],
  ['file', 'file:///etc/passwd', 'invalid-url'],
  ['ftp', 'ftp://example.com/', 'invalid-url'],
  ['gopher', 'gopher://127.0.0.1:6379/_INFO', 'invalid-url'],
  ['data', 'data:text/plain,hello', 'invalid-url'],
  ['javascript', 'javascript:alert(1)', 'invalid-url'],
  ['no host', 'http://', 'invalid-url'],
  ['relative', '/feed.xml', 'invalid-url'],
  ['empty', '', 'invalid-url'],
];

/** Hosts that are let through to DNS or to the connect. */
const PASSED = [
  'http://example.com/',
  'https://example.com:8443/',
  'http://1.1.1.1/',
  'http://[2606:4700:4700::1111]/',
  'http://134744072/',
  'http://bücher.example/',
  'http://xn--bcher-kva.example/',
  'http://a_b.example.com/',
  'http://internal.example.com/',
  'http://example.com/x.internal',
  'http://localhost.example.com/',
  'http://onion.example/',
  'http://intranet/',
  'http://example.com:10081/',
];

/** Fetch standard, "bad port", as it stood in 2026. */
const BAD_PORTS = `0 1 7 9 11 13 15 17 19 20 21 22 23 25 37 42 43 53 69 77 79 87 95 101 102 103 104 109 110 111 113 115 117
  119 123 135 137 139 143 161 179 389 427 465 512 513 514 515 526 530 531 532 540 548 554 556 563 587 601 636 989 990
  993 995 1719 1720 1723 2049 3659 4045 4190 5060 5061 6000 6566 6665 6666 6667 6668 6669 6679 6697 10080`;

/** Those that can be sent in a header and are absolute: `http:host` beside another http URL is a path. */
const REDIRECTS = URLS.filter(
  ([form, url]) => readUrl(url) !== undefined && !/[\n\r\t\0]/.test(url) && form !== 'no slashes',
);

/** Addresses as DNS gives them. */
const ADDRESSES: [address: string, isPublic: boolean][] = [
  ['1.1.1.1', true],
  ['8.8.8.8', true],
  ['100.63.255.255', true],
  ['100.128.0.1', true],
  ['172.15.255.255', true],
  ['172.32.0.1', true],
  ['2600::1', true],
  ['2a00:1450:4001:80b::200e', true],
  ['2606:4700:4700::1111', true],
  ['fe80::1%eth0', false],
  ['192.88.99.1', false],
  ['192.0.2.7', false],
  ['2001:20::1', false],
  ['5f00::1', false],
];

describe('P7: no task can reach an address that it must not reach', () => {
  let origin: Origin;
  beforeAll(async () => (origin = await startOrigin()));
  afterAll(() => origin.close());

  test.each(URLS)('%s is refused: %s', async (_form, url, code) => {
    const outbound = createOutbound();
    await expect(outbound.fetch(url, LIMITS)).rejects.toMatchObject({ code, retry: 'no' });
    await outbound.close();
  });

  test.each(PASSED)('%s is let through', (url) => {
    expect(() => checkTarget(parseTarget(url), allowList([]))).not.toThrow();
  });

  test.each(BAD_PORTS.split(/\s+/))('port %s is refused, also of a host that is allowed', (port) => {
    const allow = allowList(['example.com', 'loopback']);
    expect(() => checkTarget(parseTarget(`http://example.com:${port}/`), allow)).toThrow(`Port ${port} `);
    expect(() => checkTarget(parseTarget(`https://127.0.0.1:${port}/`), allow)).toThrow(`Port ${port} `);
  });

  test.each(ADDRESSES)('%s is public: %s', (address, isPublic) => {
    expect(isPublicAddress(ipaddr.parse(address))).toBe(isPublic);
  });

  test.each(REDIRECTS)('a redirect to %s is refused', async (_form, url, code) => {
    const from = origin.serve(`/to/${encodeURIComponent(url)}`, redirect(url));
    const outbound = createOutbound({ allow: [`127.0.0.1:${origin.port}`] });
    await expect(outbound.fetch(from, LIMITS)).rejects.toMatchObject({ code, retry: 'no' });
    await outbound.close();
  });

  test.each([
    ['one forbidden address', ['127.0.0.1']],
    ['several', ['10.0.0.1', 'fd00::1']],
    ['a mapped one', ['::ffff:127.0.0.1']],
    ['one with a zone', ['fe80::1%lo']],
    ['something that is no address', ['localhost']],
    ['no address at all', []],
  ])('a name that resolves to %s is refused, and the message names no address', async (_what, addresses) => {
    const outbound = createOutbound({ resolve: async () => addresses });
    const error = (await outbound
      .fetch(`http://inner.example:${origin.port}/`, LIMITS)
      .catch(String)) as string;
    expect(error).toContain('inner.example is not a public address');
    for (const address of addresses.filter((a) => a !== 'localhost')) expect(error).not.toContain(address);
    await outbound.close();
  });

  test('a name is looked up once for a connect, so that a second answer cannot differ from the checked one', async () => {
    origin.serve('/pinned', bytes('pinned'));
    const answers = [['127.0.0.1'], ['10.9.9.9'], ['10.9.9.9']];
    let asked = 0;
    const outbound = createOutbound({ allow: ['loopback'], resolve: async () => answers[asked++] ?? [] });
    const response = await outbound.fetch(`http://rebinding.example:${origin.port}/pinned`, LIMITS);
    expect((await response.bytes()).toString()).toBe('pinned');
    expect(asked).toBe(1);
    await outbound.close();
  });

  test('of several addresses only those that pass are connected to', async () => {
    origin.serve('/mixed', bytes('mixed'));
    const outbound = createOutbound({ allow: ['127.0.0.1'], resolve: async () => ['10.0.0.1', '127.0.0.1'] });
    const response = await outbound.fetch(`http://mixed.example:${origin.port}/mixed`, LIMITS);
    expect((await response.bytes()).toString()).toBe('mixed');
    await outbound.close();
  });

  test.each([
    ['metadata.google.internal', ['10.0.0.0/8'], ['8.8.8.8'], false],
    ['db.internal', ['10.0.0.0/8'], ['10.1.2.3'], true],
    ['db.internal', ['db.internal'], ['10.1.2.3'], true],
    ['printer.local', ['loopback'], ['8.8.8.8'], false],
    ['localhost', ['10.0.0.0/8'], ['127.0.0.1'], false],
  ])(
    '%s with OUTBOUND_ALLOW %j, resolving to %j, may be connected to: %s',
    async (host, allow, found, may) => {
      const outbound = createOutbound({ allow, resolve: async () => found, connectTimeoutMs: 50 });
      const error = outbound.fetch(`http://${host}:${origin.port}/`, { ...LIMITS, deadlineMs: 40 });
      await expect(error).rejects.toMatchObject({
        code: may ? expect.stringMatching(/timeout|connect-failed/) : 'address-refused',
      });
      await outbound.close();
    },
  );

  test('a redirect by name is looked up and checked like the first', async () => {
    const from = origin.serve('/by-name', redirect('http://inner.example/'));
    const outbound = createOutbound({ allow: ['127.0.0.1'], resolve: async () => ['192.168.0.1'] });
    await expect(outbound.fetch(from, LIMITS)).rejects.toMatchObject({ code: 'address-refused' });
    await outbound.close();
  });
});
