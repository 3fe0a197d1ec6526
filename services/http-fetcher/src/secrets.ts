import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { TaskError } from '@offload/contracts/errors';
import { secretName } from '@offload/contracts/http-fetch';
import { z } from 'zod';
import { setInQuery } from './query.js';
import { markOf, redactor, type Redactor } from './redact.js';
import { refused } from './refused.js';

/** Shorter values could stand in an answer by chance, and could not be redacted from it. */
const SHORTEST = 8;

const printable = z.string().regex(/^[ -~]+$/, 'must be printable ASCII');

const hostRule = z
  .string()
  .regex(
    /^(https?:\/\/)?(\*\.)?[a-z0-9.-]+(:\d{1,5})?$|^(https?:\/\/)?\[[0-9a-f:]+\](:\d{1,5})?$/,
    'must be a host such as api.example.com, *.example.com or example.com:8443, in lower case; plain http as http://host',
  );

const entry = z
  .strictObject({
    value: printable.min(SHORTEST, `must have at least ${SHORTEST} characters`).optional(),
    valueFile: z.string().min(1).optional(),
    hosts: z.array(hostRule).min(1),
    owners: z.array(z.string().min(1)).min(1).optional(),
    place: z.union(
      [
        z.literal('bearer'),
        z.literal('basic'),
        z.strictObject({ header: z.string().regex(/^[A-Za-z0-9-]+$/), prefix: printable.optional() }),
        z.strictObject({ query: z.string().min(1).max(200) }),
      ],
      'must be "bearer", "basic", {"header": …, "prefix": …} or {"query": …}',
    ),
  })
  .refine(({ value, valueFile }) => (value === undefined) !== (valueFile === undefined), {
    message: 'needs value or valueFile, one of them',
  });

type Place = { header: string; value: string } | { query: string; value: string };

export interface Secret {
  name: string;
  /** Whether a request to this URL may carry it. */
  mayGoTo: (url: URL) => boolean;
  place: Place;
  isFor: (owner: string) => boolean;
  /** The texts that stand for it wherever they appear. */
  values: string[];
}

/** The operator's secrets by name. */
export type Secrets = ReadonlyMap<string, Secret>;

/**
 * Reads the secrets file (docs/http-fetch.md, "Secrets"). Throws an Error that names every fault and shows no value.
 */
export function readSecrets(path: string): Secrets {
  const text = readText(path);
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    // The parser's own message quotes what it has read.
    throw new Error(`${path} is not JSON`);
  }
  const parsed = z.record(secretName, entry).safeParse(document);
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => `/${issue.path.join('/')} ${issue.message}`);
    throw new Error(`${path}: ${faults.join('; ')}`);
  }
  return new Map(
    Object.entries(parsed.data).map(([name, each]) => {
      const value = each.value ?? valueFrom(resolve(dirname(path), each.valueFile!), name);
      return [name, secretOf(name, value, each)];
    }),
  );
}

function valueFrom(path: string, name: string): string {
  const value = readText(path).trim();
  if (printable.min(SHORTEST).safeParse(value).success) return value;
  throw new Error(`/${name}/valueFile has at least ${SHORTEST} printable ASCII characters`);
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new Error(`${path} cannot be read (${(error as NodeJS.ErrnoException).code})`, { cause: error });
  }
}

function secretOf(name: string, value: string, { hosts, owners, place }: z.output<typeof entry>): Secret {
  const rules = hosts.map(ruleOf);
  return {
    name,
    isFor: (owner) => owners?.includes(owner) ?? true,
    mayGoTo: (url) => rules.some((allows) => allows(url)),
    place: placeOf(place, value),
    // Of `user:password` the second half is as secret as the whole.
    values: [value, ...(place === 'basic' ? [value.slice(value.indexOf(':') + 1)] : [])].filter(
      (each) => each.length >= SHORTEST,
    ),
  };
}

function placeOf(place: z.output<typeof entry>['place'], value: string): Place {
  if (place === 'bearer') return { header: 'authorization', value: `Bearer ${value}` };
  if (place === 'basic')
    return { header: 'authorization', value: `Basic ${Buffer.from(value).toString('base64')}` };
  if ('query' in place) return { query: place.query, value };
  return { header: place.header.toLowerCase(), value: `${place.prefix ?? ''}${value}` };
}

/** A host alone means https on its usual port: a secret goes over plain http only where that is spelt out. */
function ruleOf(rule: string): (url: URL) => boolean {
  const text = rule.includes('://') ? rule : `https://${rule}`;
  const wild = text.includes('://*.');
  const { protocol, hostname, port } = new URL(text.replace('://*.', '://'));
  return (url) =>
    url.protocol === protocol &&
    url.port === port &&
    (wild ? url.hostname.endsWith(`.${hostname}`) : url.hostname === hostname);
}

/** The secrets that one task named. */
export interface TaskSecrets {
  /** Adds them to a request, each where its host allows it; others are left out. Both are changed in place. */
  addTo(url: URL, headers: Record<string, string>): void;
  /** Throws TaskError `secret-not-for-host` when this URL carries one of them to a host that it is not for. */
  checkCarried(url: URL): void;
  redactor: Redactor;
}

/**
 * The secrets of a task, checked against its first URL. Throws TaskError (permanent): `secret-unknown`,
 * `secret-not-for-host`, `secret-twice` when one would take the place of another or of a header that the task has set.
 */
export function secretsFor(
  secrets: Secrets,
  request: { url: URL; headers: Readonly<Record<string, string>>; owner: string; names: readonly string[] },
): TaskSecrets {
  const named = [...new Set(request.names)].map((name) => {
    const secret = secrets.get(name);
    // Of another owner's secret not even the name is told.
    if (!secret?.isFor(request.owner))
      throw refused(
        'secret-unknown',
        `There is no secret ${name} here. The operator sets them in HTTP_SECRETS_FILE.`,
      );
    if (!secret.mayGoTo(request.url)) throw notForHost(name, request.url);
    return secret;
  });
  const places = [
    ...Object.keys(request.headers),
    ...named.map(({ place }) => ('header' in place ? place.header : `?${place.query}`)),
  ];
  const twice = places.find((place, i) => places.indexOf(place) !== i);
  if (twice !== undefined)
    throw refused(
      'secret-twice',
      `${twice.replace('?', 'The parameter ')} would be set twice: by a secret and by another, or the task itself.`,
    );
  const found = named.map((secret) => ({ secret, echo: redactor([secret]) }));
  return {
    addTo(url, headers) {
      for (const { mayGoTo, place } of named) {
        if (!mayGoTo(url)) continue;
        if ('header' in place) headers[place.header] = place.value;
        else setInQuery(url, place.query, place.value);
      }
    },
    checkCarried(url) {
      for (const { secret, echo } of found)
        // Or its mark: a page's link to the next one has been redacted already.
        if (
          !secret.mayGoTo(url) &&
          (echo.text(url.href) !== url.href || url.href.includes(markOf(secret.name)))
        )
          throw notForHost(secret.name, url);
    },
    redactor: redactor(named),
  };
}

const notForHost = (name: string, url: URL): TaskError =>
  refused(
    'secret-not-for-host',
    `The secret ${name} is not for ${url.origin}. The operator binds secrets to hosts, with https unless said otherwise.`,
  );
