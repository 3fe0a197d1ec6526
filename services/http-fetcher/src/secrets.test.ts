import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readEnv } from '@offload/runtime/env';
import { httpEnv } from './http-env.js';
import { readSecrets, secretsFor, type Secrets } from './secrets.js';

const VALUE = 'ghp_0123456789';
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'secrets-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function written(content: unknown): string {
  const path = join(folder, 'secrets.json');
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}
const read = (content: unknown): Secrets => readSecrets(written(content));
const github = { value: VALUE, hosts: ['api.github.com'], place: 'bearer' };

function sent(secrets: Secrets, url: string, names: string[], headers: Record<string, string> = {}) {
  const target = new URL(url);
  const all = { ...headers };
  secretsFor(secrets, { url: target, headers, owner: 'shop', names }).addTo(target, all);
  return { url: target.href, headers: all };
}

describe('a secret goes where its place says', () => {
  test.each<[string, object, object]>([
    ['bearer', { place: 'bearer' }, { headers: { authorization: `Bearer ${VALUE}` } }],
    [
      'basic',
      { place: 'basic', value: 'me:password1' },
      { headers: { authorization: `Basic ${btoa('me:password1')}` } },
    ],
    [
      'a header with a prefix',
      { place: { header: 'X-Api-Key', prefix: 'Token ' } },
      { headers: { 'x-api-key': `Token ${VALUE}` } },
    ],
    [
      'the query',
      { place: { query: 'appid' } },
      { url: `https://api.github.com/x?a=1&appid=${VALUE}`, headers: {} },
    ],
  ])('%s', (_what, more, expected) => {
    expect(
      sent(read({ github: { ...github, ...more } }), 'https://api.github.com/x?a=1', ['github']),
    ).toMatchObject(expected);
  });

  test('its value may stand in a file beside', () => {
    writeFileSync(join(folder, 'github'), `${VALUE}\n`);
    const secrets = read({ github: { hosts: ['api.github.com'], place: 'bearer', valueFile: 'github' } });
    expect(sent(secrets, 'https://api.github.com/', ['github']).headers).toEqual({
      authorization: `Bearer ${VALUE}`,
    });
  });
});

describe('a secret is bound to its hosts', () => {
  test.each<[string, string, boolean]>([
    ['api.github.com', 'https://api.github.com/a', true],
    ['api.github.com', 'https://API.GitHub.com:443/a', true],
    ['api.github.com', 'http://api.github.com/a', false],
    ['api.github.com', 'https://api.github.com:8443/a', false],
    ['api.github.com', 'https://evil.api.github.com/', false],
    ['api.github.com', 'https://api.github.com.evil.example/', false],
    ['api.github.com', 'https://github.com/', false],
    ['api.github.com', 'https://api.github.com./', false],
    ['*.example.com', 'https://a.b.example.com/', true],
    ['*.example.com', 'https://example.com/', false],
    ['*.example.com', 'https://badexample.com/', false],
    ['example.com:8443', 'https://example.com:8443/', true],
    ['example.com:8443', 'https://example.com/', false],
    ['http://localhost:3000', 'http://localhost:3000/', true],
    ['http://localhost:3000', 'https://localhost:3000/', false],
    ['127.0.0.1:8443', 'https://127.1:8443/', true],
  ])('%s: %s %s', (host, url, allowed) => {
    const secrets = read({ github: { ...github, hosts: [host] } });
    const add = () => sent(secrets, url, ['github']);
    if (allowed) expect(add().headers).toHaveProperty('authorization');
    else expect(add).toThrow(expect.objectContaining({ code: 'secret-not-for-host', retry: 'no' }));
  });

  test('a URL that carries it to another host is refused, in any spelling', () => {
    const secrets = read({ key: { value: 'a b/c d/e f', hosts: ['a.example'], place: { query: 'k' } } });
    const named = secretsFor(secrets, {
      url: new URL('https://a.example/'),
      headers: {},
      owner: 'shop',
      names: ['key'],
    });
    const carry = (url: string) => () => named.checkCarried(new URL(url));
    expect(carry('https://a.example/?k=a+b%2Fc+d%2Fe+f')).not.toThrow();
    expect(carry('https://b.example/?q=1')).not.toThrow();
    const refused = expect.objectContaining({ code: 'secret-not-for-host' });
    expect(carry('https://b.example/?k=a+b%2Fc+d%2Fe+f')).toThrow(refused);
    expect(carry('https://b.example/a%20b%2Fc%20d%2Fe%20f')).toThrow(refused);
  });

  test('a name that is unknown is refused, also one of an inherited member', () => {
    for (const name of ['gitlab', 'toString', 'constructor'])
      expect(() => sent(read({ github }), 'https://api.github.com/', [name])).toThrow(
        expect.objectContaining({ code: 'secret-unknown', retry: 'no' }),
      );
  });

  test('and to its owners, if it has some: to others it is unknown', () => {
    const add =
      (...owners: string[]) =>
      () =>
        sent(read({ github: { ...github, owners } }), 'https://api.github.com/', ['github']);
    expect(add('blog', 'shop')().headers).toHaveProperty('authorization');
    expect(add('blog')).toThrow(expect.objectContaining({ code: 'secret-unknown', retry: 'no' }));
  });

  test('it takes no header that the task or another secret sets', () => {
    const secrets = read({ github, other: { ...github, value: 'another-value' } });
    const twice = expect.objectContaining({ code: 'secret-twice', retry: 'no' });
    expect(() => sent(secrets, 'https://api.github.com/', ['github'], { authorization: 'x' })).toThrow(twice);
    expect(() => sent(secrets, 'https://api.github.com/', ['github', 'other'])).toThrow(twice);
    expect(() => sent(secrets, 'https://api.github.com/', ['github', 'github'])).not.toThrow();
  });
});

describe('a wrong secrets file stops the start, and its faults show no value', () => {
  test.each<[string, unknown, string]>([
    ['no JSON', `{"github": ${VALUE}}`, 'is not JSON'],
    ['no value', { github: { hosts: ['a.b'], place: 'bearer' } }, '/github needs value or valueFile'],
    ['both values', { github: { ...github, valueFile: 'x' } }, '/github needs value or valueFile'],
    ['a short value', { github: { ...github, value: 'short' } }, '/github/value must have at least 8'],
    [
      'a value with a line end',
      { github: { ...github, value: `${VALUE}\n` } },
      '/github/value must be printable',
    ],
    ['no host', { github: { ...github, hosts: [] } }, '/github/hosts'],
    ['every host', { github: { ...github, hosts: ['*'] } }, '/github/hosts/0 must be a host'],
    ['a host with a path', { github: { ...github, hosts: ['a.b/c'] } }, '/github/hosts/0 must be a host'],
    ['no place', { github: { ...github, place: 'cookie' } }, '/github/place must be'],
    ['an unknown member', { github: { ...github, secret: VALUE } }, 'Unrecognized key'],
    ['a file that is not there', { github: { ...github, value: undefined, valueFile: 'none' } }, '(ENOENT)'],
  ])('%s', (_what, content, words) => {
    const path = written(content);
    let message = '';
    try {
      readEnv({ HTTP_SECRETS_FILE: path }, httpEnv);
    } catch (error) {
      ({ message } = error as Error);
    }
    expect(message).toContain(words);
    expect(message).toContain('HTTP_SECRETS_FILE');
    expect(message).not.toContain(VALUE);
  });

  test('two faults are told at once', () => {
    expect(() => read({ a: { ...github, hosts: [] }, b: { ...github, value: 'short' } })).toThrow(
      /\/a\/.*\/b\//,
    );
  });
});

test('without the variable there are no secrets', () => {
  expect(readEnv({}, httpEnv).HTTP_SECRETS_FILE.size).toBe(0);
});
