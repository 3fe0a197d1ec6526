// A vhost, a database and an API process of one run's own, on the servers that AMQP_URL, RABBITMQ_MANAGEMENT_URL and
// MONGODB_URI name: what is made there is removed at the end, and nobody else's is touched.
import { execFile, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { entryId } from '@offload/store/entries-record';
import { openStore } from '@offload/store/open-store';
import mongoose from 'mongoose';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** Milliseconds for the API to say that it is ready. */
const START_MS = 60_000;

function given(name) {
  const value = process.env[name];
  if (!value)
    throw new Error(`${name} is not set: it names the server to use (see docs/api-conformance.md).`);
  return value;
}

/** @param {string} name of the vhost @param {'PUT' | 'DELETE'} method */
async function vhost(name, method) {
  const management = new URL(given('RABBITMQ_MANAGEMENT_URL'));
  const { username, password } = management.username ? management : new URL(given('AMQP_URL'));
  const user = decodeURIComponent(username);
  const authorization = `Basic ${Buffer.from(`${user}:${decodeURIComponent(password)}`).toString('base64')}`;
  const call = async (path, body) => {
    const answer = await fetch(new URL(`/api/${path}`, management.origin), {
      method,
      headers: { authorization, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`RabbitMQ ${method} ${path}: ${answer.status} ${await answer.text()}`);
  };
  if (method === 'DELETE') return call(`vhosts/${name}`);
  await call(`vhosts/${name}`, {});
  await call(`permissions/${name}/${encodeURIComponent(user)}`, { configure: '.*', write: '.*', read: '.*' });
}

/**
 * @param {string} label stands in the names of what is made
 * @returns {Promise<{ url: string, key(owner: string, roles: string): Promise<string>, log: string[], addEntries(owner: string, key: string): Promise<void>, stop(): Promise<void> }>}
 *   `url` of the API, which asks for a key; `log` what it has printed; `addEntries` to a feed that the owner subscribes to
 */
export async function ownSystem(label) {
  const name = `${label}-${randomUUID().slice(0, 8)}`;
  await vhost(name, 'PUT');
  const amqp = Object.assign(new URL(given('AMQP_URL')), { pathname: `/${name}` });
  const mongodb = Object.assign(new URL(given('MONGODB_URI')), { pathname: `/${name}` });
  if (!mongodb.searchParams.has('authSource')) mongodb.searchParams.set('authSource', 'admin');
  const env = {
    PATH: process.env.PATH,
    NODE_ENV: 'production',
    HOST: '127.0.0.1',
    PORT: '0',
    AMQP_URL: amqp.href,
    MONGODB_URI: mongodb.href,
    RATE_PER_KEY: '0',
    RATE_PER_ADDRESS: '0',
    // On a slow machine, too, every request is answered.
    SHED_LOOP_MS: '0',
    SHED_STORE_MS: '0',
    LOG_LEVEL: 'info',
  };
  const key = async (owner, roles) => {
    const args = ['services/api/dist/key.js', 'create', '--owner', owner, '--roles', roles];
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root, env });
    return /ofl_[\w-]+/.exec(stdout)?.[0] ?? '';
  };
  await key('root', 'admin');
  const log = [];
  const child = spawn(process.execPath, ['services/api/dist/main.js'], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = once(child, 'exit');
  const url = await started(child, log).catch((error) => {
    child.kill('SIGKILL');
    throw error;
  });
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
    await exited;
    const connection = await mongoose.createConnection(mongodb.href).asPromise();
    await connection.dropDatabase();
    await connection.close();
    await vhost(name, 'DELETE');
  };
  const addEntries = (owner, ownersKey) => addEntriesTo(mongodb.href, url, owner, ownersKey);
  return { url, key, log, addEntries, stop };
}

/** Nothing fetches feeds here: their entries are stored as a worker would. */
async function addEntriesTo(uri, url, owner, key) {
  const answer = await fetch(`${url}/v1/feeds`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ url: 'https://example.com/feed.xml' }),
  });
  const { id } = await answer.json();
  const silent = () => undefined;
  const log = { debug: silent, info: silent, warn: silent, error: silent, child: () => log };
  const store = openStore({ uri, name: 'conformance', log });
  await store.connection.ready();
  const { feed } = await store.subscriptions.get(owner, id);
  const now = store.feeds.now();
  const added = ['one', 'two', 'three'].map((name) => {
    const image = 'https://example.com/1.png';
    const entry = { id: name, title: name, link: null, published: null, updated: null, image };
    const rest = { key: name, digest: '', entry, html: '<p>x</p>', excerpt: 'x', bytes: 8, changedAt: now };
    return { _id: entryId(feed, name, now), feed, ...rest };
  });
  await store.entries.write({ added, edited: [] });
  await store.connection.close();
}

function started(child, log) {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`The API did not start:\n${log.join('\n')}`)), START_MS);
    for (const stream of [child.stdout, child.stderr])
      createInterface({ input: stream }).on('line', (line) => {
        log.push(line);
        if (!line.includes('the API is ready')) return;
        clearTimeout(late);
        resolve(JSON.parse(line).url);
      });
    child.once('exit', (code) => reject(new Error(`The API ended with ${code}:\n${log.join('\n')}`)));
  });
}
