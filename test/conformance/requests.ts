import * as fc from 'fast-check';
import type { OpenApi, Operation, Parameter, Schema } from './document.js';
import { brokenBody, brokenBytes, hostileText, hostileValue } from './hostile-values.js';
import { encoded } from './known-ids.js';
import { nearly } from './mutate.js';
import { valuesOf } from './schema-values.js';

/** A request before placeholders become ids of what is there. */
export interface FuzzedRequest {
  method: string;
  /** Parts of the path that stand for parameters; null: of something that is there, if anything is. */
  path: string | { parts: Record<string, string | null>; pick: number };
  query: [string, string][];
  headers: Record<string, string>;
  body: Buffer | undefined;
}

/** Numbers say how often one is chosen, beside the others. */
const often = <T>(...choices: [number, fc.Arbitrary<T>][]): fc.Arbitrary<T> =>
  fc.oneof(...choices.map(([weight, arbitrary]) => ({ weight, arbitrary })));

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND', 'LINK'];

const CONTENT_TYPES = [
  'application/json; charset=utf-8',
  'application/json;charset=utf-16',
  'application/json; charset=x-none',
  'Application/JSON',
  'application/merge-patch+json',
  'application/problem+json',
  'application/x-www-form-urlencoded',
  'multipart/form-data',
  'multipart/form-data; boundary=x',
  'multipart/form-data; boundary=' + 'x'.repeat(300),
  'text/plain',
  'text/xml',
  'image/svg+xml',
  '*/*',
  'json',
  '/',
  ',',
];

/** Headers that speak about any request. A wait would hold the test up, so that only waits of no length are asked for. */
const EXTRA: Record<string, fc.Arbitrary<string>> = {
  Accept: fc.constantFrom('*/*', 'text/html', 'application/xml;q=0.9', 'application/json;q=0', 'x', ''),
  'Accept-Encoding': fc.constantFrom('gzip', 'br;q=0', 'identity;q=0, *;q=0', 'x'),
  Authorization: fc.constantFrom('Bearer x', 'Basic YTpi', 'Bearer', '', `Bearer ofl_${'A'.repeat(43)}`),
  'Content-Encoding': fc.constantFrom('gzip', 'br', 'identity', 'x', 'gzip, gzip'),
  'Content-Disposition': fc.constantFrom(
    'attachment',
    'attachment; filename="../a\\"',
    "x; filename*=utf-8''%zz",
  ),
  'Content-Range': fc.constant('bytes 0-1/2'),
  Cookie: fc.constant('a=b; __proto__=c'),
  Host: fc.constantFrom('example.com', 'localhost', '127.0.0.1:1', '[::1]', 'a b', ''),
  'Idempotency-Key': fc.constantFrom('"a"', 'a', '""', '"a', 'é', '"' + 'k'.repeat(201) + '"'),
  'If-Match': fc.constantFrom('*', '"x"', 'x', 'W/"x"'),
  'If-Modified-Since': fc.constantFrom('x', 'Sun, 06 Nov 2094 08:49:37 GMT'),
  'If-None-Match': fc.constantFrom('*', '"x"', 'W/"x", "y"', 'x', '"'),
  'If-Range': fc.constantFrom('"x"', 'x', 'Sun, 06 Nov 1994 08:49:37 GMT'),
  'Last-Event-ID': fc.constantFrom(
    'x',
    '0',
    'zzzzzzzz-00000000-0000-4000-8000-000000000000',
    '-',
    '9'.repeat(500),
  ),
  Origin: fc.constantFrom('https://evil.example', 'null', 'x'),
  Prefer: fc.constantFrom(
    'wait=0',
    'wait=-1',
    'wait=x',
    'wait=',
    'respond-async',
    'return=minimal',
    'wait="0"',
    ',',
  ),
  Range: fc.constantFrom(
    'bytes=0-0',
    'bytes=5-1',
    'bytes=-1',
    'bytes=0-1,2-3',
    'x=1',
    'bytes=99999999999999999999-',
  ),
  'Sec-Fetch-Site': fc.constantFrom('cross-site', 'same-origin', 'x'),
  'X-Forwarded-For': fc.constantFrom('127.0.0.1', 'x'),
  'X-HTTP-Method-Override': fc.constant('DELETE'),
  'X-Request-Id': fc.constantFrom('mine', '<x>', 'x'.repeat(1_000), ''),
};

const extraHeaders: fc.Arbitrary<Record<string, string>> = fc
  .array(
    fc
      .constantFrom(...Object.keys(EXTRA))
      .chain((name) => fc.tuple(fc.constant(name), EXTRA[name] ?? fc.constant(''))),
    { maxLength: 2 },
  )
  .map((pairs) => Object.fromEntries(pairs));

const asText = (value: unknown): string =>
  typeof value === 'string' ? value : Array.isArray(value) ? value.join(',') : JSON.stringify(value);

/** What Node sends as a header: Latin-1 without control characters. */
const asHeader = (text: string): string => text.replaceAll(/[^\t -~\u00a1-\u00ff]/g, '').slice(0, 2_000);

/** What the address can carry: a server takes no more than 16 KiB of headers. */
const LONGEST_VALUE = 2_000;

/** Parameters of one place: mostly valid ones, mostly few. */
function parametersOf(
  document: OpenApi,
  parameters: Parameter[],
  hostile: fc.Arbitrary<string>,
): fc.Arbitrary<[string, string][]> {
  const one = ({ name, required, schema }: Parameter): fc.Arbitrary<[string, string] | null> => {
    const valid = valuesOf(document, schema).map((value): [string, string] => [name, asText(value)]);
    const wrong = hostile.map((text): [string, string] => [name, text.slice(0, LONGEST_VALUE)]);
    return often<[string, string] | null>([required ? 0 : 16, fc.constant(null)], [9, valid], [1, wrong]);
  };
  return fc.tuple(...parameters.map(one)).map((pairs) => pairs.filter((pair) => pair !== null));
}

/** A query: what the operation has, and now and then what none has. */
function queryOf(document: OpenApi, parameters: Parameter[]): fc.Arbitrary<[string, string][]> {
  const known = parametersOf(document, parameters, hostileText);
  const names = [
    ...parameters.map(({ name }) => name),
    'x',
    '__proto__',
    'limit',
    'fields',
    'link',
    'cursor',
  ];
  const odd = fc.tuple(
    fc.constantFrom(...names.flatMap((name) => [name, `${name}[]`, `${name}[a][b]`])),
    hostileText.map((text) => text.slice(0, LONGEST_VALUE)),
  );
  return fc
    .tuple(
      known,
      often<[string, string][]>([20, fc.constant([])], [1, fc.array(odd, { minLength: 1, maxLength: 2 })]),
    )
    .map(([those, others]) => [...those, ...others]);
}

type Content = Pick<FuzzedRequest, 'body' | 'headers'>;

const toBody = (value: unknown): Buffer => Buffer.from(JSON.stringify(value) ?? 'null');

const ofType = (type: string, body: Buffer): Content => ({ headers: { 'Content-Type': type }, body });

/** A form with one file, as browsers send it. */
const formOf = (content: Buffer, name: string): Content =>
  ofType(
    'multipart/form-data; boundary=x',
    Buffer.concat([
      Buffer.from(`--x\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\n\r\n`),
      content,
      Buffer.from('\r\n--x--\r\n'),
    ]),
  );

/** A body that the operation takes. */
function validBody(document: OpenApi, operation: Operation): fc.Arbitrary<Content> {
  const none = fc.constant<Content>({ headers: {}, body: undefined });
  const kinds = Object.entries(operation.body ?? {}).map(([type, { schema = {}, examples = {} }]) => {
    const given = Object.values(examples).map(({ value }) => value);
    if (type.endsWith('json')) {
      const made = often(
        [2, valuesOf(document, schema)],
        ...(given.length > 0 ? [[1, fc.constantFrom(...given)] as [number, fc.Arbitrary<unknown>]] : []),
      );
      return made.map((value) => ofType(type, toBody(value)));
    }
    if (type.startsWith('multipart/'))
      return fc.uint8Array({ maxLength: 200 }).map((bytes) => formOf(Buffer.from(bytes), 'a.txt'));
    if (type.includes('xml') || type.includes('opml')) return fc.constant(ofType(type, OPML));
    return fc
      .uint8Array({ maxLength: 200 })
      .map((bytes) => ofType('application/octet-stream', Buffer.from(bytes)));
  });
  if (kinds.length === 0) return none;
  return operation.bodyRequired ? fc.oneof(...kinds) : fc.oneof(none, ...kinds);
}

const OPML = Buffer.from(
  '<opml version="2.0"><body><outline text="A"><outline type="rss" xmlUrl="https://example.com/a.xml"/></outline></body></opml>',
);

/** Bodies of any kind: valid, nearly so, and none at all like it. */
function bodyOf(document: OpenApi, operation: Operation): fc.Arbitrary<Content> {
  const valid = validBody(document, operation);
  const schema: Schema = operation.body?.['application/json']?.schema ?? {};
  const types = [...Object.keys(operation.body ?? {}), ...CONTENT_TYPES].filter((type) => type !== '*/*');
  const broken = fc
    .tuple(fc.constantFrom('application/json', ...types), fc.oneof(brokenBody, brokenBytes))
    .map(([type, body]) => ofType(type, body));
  if (!operation.body) return often([12, valid], [1, broken]);
  const json = 'application/json' in operation.body;
  return often(
    [6, valid],
    [
      json ? 6 : 1,
      nearly(valuesOf(document, schema)).map((value) => ofType('application/json', toBody(value))),
    ],
    [1, hostileValue.map((value) => ofType('application/json', toBody(value)))],
    [1, broken],
    [
      1,
      valid.chain((content) =>
        fc.constantFrom(...types).map((type) => ofType(type, content.body ?? Buffer.alloc(0))),
      ),
    ],
  );
}

/** Parts of the path: mostly of what is there. */
function pathOf(document: OpenApi, operation: Operation): fc.Arbitrary<FuzzedRequest['path']> {
  const parameters = operation.parameters.filter((each) => each.in === 'path');
  const part = ({ schema }: Parameter): fc.Arbitrary<string | null> =>
    often<string | null>(
      [14, fc.constant(null)],
      [2, valuesOf(document, schema).map(asText)],
      [1, hostileText.map((text) => text.slice(0, LONGEST_VALUE))],
    );
  return fc
    .tuple(fc.record(Object.fromEntries(parameters.map((each) => [each.name, part(each)]))), fc.nat(50))
    .map(([parts, pick]) => ({ parts, pick }));
}

/** Requests of an operation. */
export function requestsOf(document: OpenApi, operation: Operation): fc.Arbitrary<FuzzedRequest> {
  const inHeader = operation.parameters.filter((each) => each.in === 'header' && each.name !== 'Prefer');
  const inQuery = operation.parameters.filter((each) => each.in === 'query');
  return fc
    .record({
      method: often([16, fc.constant(operation.method)], [1, fc.constantFrom(...METHODS)]),
      path: pathOf(document, operation),
      query: queryOf(document, inQuery),
      headers: parametersOf(document, inHeader, hostileText),
      content: bodyOf(document, operation),
      extra: often([4, fc.constant({})], [1, extraHeaders]),
    })
    .map(({ method, path, query, headers, content, extra }) => {
      const own = Object.fromEntries(headers.map(([name, value]) => [name, asHeader(value)]));
      return { method, path, query, headers: { ...own, ...content.headers, ...extra }, body: content.body };
    });
}

/** Addresses that nearly are one of the document's. */
export function strayRequests(operations: Operation[]): fc.Arbitrary<FuzzedRequest> {
  const mangled = fc
    .tuple(
      fc.constantFrom(...operations.map(({ path }) => path)),
      fc.constantFrom<(path: string) => string>(
        (path) => `${path}/`,
        (path) => `/${path}`,
        (path) => path.toUpperCase(),
        (path) => path.replace('/v1', '/v2'),
        (path) => path.replace('/v1/', '/v1//'),
        (path) => path.replace('/v1/', '/v1/./'),
        (path) => path.replace('/v1/', '/v1/x/../'),
        (path) => path.replace('/v1/', '/v1/%2e%2e/'),
        (path) => `${path}%00`,
        (path) => `${path}%zz`,
        (path) => `${path}%c0%af`,
        (path) => `${path};x=y`,
        (path) => `${path}\\..`,
        (path) => path.slice(0, -1),
        (path) => `/static/../../..${path}`,
      ),
    )
    .map(([path, mangle]) => mangle(path));
  const any = hostileText.map((text) => `/${encoded(text.slice(0, LONGEST_VALUE))}`);
  return fc
    .record({ method: fc.constantFrom('GET', ...METHODS), path: fc.oneof(mangled, any), extra: extraHeaders })
    .map(({ method, path, extra }) => ({ method, path, query: [], headers: extra, body: undefined }));
}
