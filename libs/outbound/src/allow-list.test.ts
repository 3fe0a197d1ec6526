import { describe, expect, test } from '@jest/globals';
import ipaddr from 'ipaddr.js';
import { z } from 'zod';
import { allowList } from './allow-list.js';
import { outboundEnv } from './outbound-env.js';

const allows = (entry: string, address: string, port = 80): boolean =>
  allowList([entry]).allowsAddress(ipaddr.parse(address), port);

describe('OUTBOUND_ALLOW', () => {
  test.each([
    ['loopback', '127.0.0.1', 80, true],
    ['loopback', '127.8.9.1', 4000, true],
    ['loopback', '::1', 80, true],
    ['loopback', '10.0.0.1', 80, false],
    ['loopback', '::ffff:127.0.0.1', 80, false],
    ['Loopback:8080', '127.0.0.1', 8080, true],
    ['loopback:8080', '127.0.0.1', 8081, false],
    ['10.0.0.0/8', '10.255.0.1', 80, true],
    ['10.0.0.0/8', '11.0.0.1', 80, false],
    ['10.0.0.0/8:9000', '10.0.0.1', 9000, true],
    ['10.0.0.0/8:9000', '10.0.0.1', 80, false],
    ['192.168.1.7', '192.168.1.7', 80, true],
    ['192.168.1.7', '192.168.1.8', 80, false],
    ['192.168.1.7:80', '192.168.1.7', 80, true],
    ['fd00::/8', 'fd12::1', 80, true],
    ['[fd00::/8]:8080', 'fd12::1', 8080, true],
    ['[fd00::/8]:8080', 'fd12::1', 80, false],
    ['::1', '::1', 80, true],
    ['[::1]:3000', '::1', 3000, true],
    ['[::1]', '::1', 9999, true],
    ['minio', '10.0.0.1', 80, false],
  ])('%s lets %s port %i through: %s', (entry, address, port, verdict) => {
    expect(allows(entry, address, port)).toBe(verdict);
  });

  test.each([
    ['minio', 'minio', 9000, true],
    ['minio:9000', 'MinIO.', 9000, true],
    ['minio:9000', 'minio', 80, false],
    ['files.example.com', 'files.example.com', 443, true],
    ['example.com', 'files.example.com', 443, false],
    ['bücher.example', 'xn--bcher-kva.example', 443, true],
  ])('%s lets the host %s port %i through: %s', (entry, host, port, verdict) => {
    expect(allowList([entry]).allowsHost(host, port)).toBe(verdict);
  });

  test.each([
    ['10.0.0.0/33', 'not a CIDR'],
    ['10/8', 'not a CIDR'],
    ['fd00::/129', 'not a CIDR'],
    ['127.0.0.1:0', 'a port is'],
    ['loopback:http', 'a port is'],
    ['host:70000', 'a port is'],
    ['[127.0.0.1]:80', 'brackets are for IPv6'],
    ['*.example.com', 'without wildcards'],
    ['127.1', 'without wildcards'],
    ['http://example.com', 'a port is'],
    ['example.com/feed', 'not a CIDR'],
    ['', 'without wildcards'],
    ['exa mple', 'without wildcards'],
  ])('%j cannot be read, and the error quotes it', (entry, why) => {
    expect(() => allowList([entry])).toThrow(why);
    expect(() => allowList([entry])).toThrow(JSON.stringify(entry));
  });

  test('is read from one variable, and all its faults are reported at once', () => {
    const shape = z.object(outboundEnv);
    expect(shape.parse({})).toMatchObject({ OUTBOUND_ALLOW: [] });
    expect(shape.parse({ OUTBOUND_ALLOW: ' loopback, 10.0.0.0/8:80\nminio ' })).toMatchObject({
      OUTBOUND_ALLOW: ['loopback', '10.0.0.0/8:80', 'minio'],
    });
    const faults = shape.safeParse({ OUTBOUND_ALLOW: '10/8,loopback,x:y' }).error?.issues;
    expect(faults?.map((issue) => issue.message)).toEqual([
      expect.stringContaining('"10/8"'),
      expect.stringContaining('"x:y"'),
    ]);
  });
});

describe('the other variables', () => {
  const shape = z.object(outboundEnv);

  test('have defaults for a polite crawler, from which the hosts of OUTBOUND_ALLOW are exempt', () => {
    expect(shape.parse({})).toEqual({
      OUTBOUND_ALLOW: [],
      OUTBOUND_HOST_CONCURRENCY: 6,
      OUTBOUND_HOST_RATE_PER_SECOND: 5,
      OUTBOUND_LIMIT_ALLOWED: false,
    });
  });

  test.each([
    ['OUTBOUND_HOST_CONCURRENCY', '2', 2],
    ['OUTBOUND_HOST_RATE_PER_SECOND', '0.5', 0.5],
    ['OUTBOUND_LIMIT_ALLOWED', 'true', true],
    ['OUTBOUND_USER_AGENT', 'Mine/1.0', 'Mine/1.0'],
    ['OUTBOUND_CONTACT', 'https://example.com/bot', 'https://example.com/bot'],
  ])('%s=%s is read', (name, text, value) => {
    expect(shape.parse({ [name]: text })).toMatchObject({ [name]: value });
  });

  test.each([
    ['OUTBOUND_HOST_CONCURRENCY', '0'],
    ['OUTBOUND_HOST_CONCURRENCY', '1.5'],
    ['OUTBOUND_HOST_RATE_PER_SECOND', '0'],
    ['OUTBOUND_HOST_RATE_PER_SECOND', '-1'],
    ['OUTBOUND_HOST_RATE_PER_SECOND', '1e9'],
    ['OUTBOUND_LIMIT_ALLOWED', 'yes'],
    ['OUTBOUND_USER_AGENT', 'a\r\nX-B: c'],
    ['OUTBOUND_CONTACT', 'ü'],
  ])('%s=%j is refused', (name, text) => {
    expect(shape.safeParse({ [name]: text }).success).toBe(false);
  });
});
