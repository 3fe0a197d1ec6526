// @ts-check
// Runs one RabbitMQ node below a base folder, on 127.0.0.1 only: AMQP, management UI, metrics, Erlang
// distribution and its port mapper.

import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { probeAmqp } from './probe-amqp.mjs';
import { ManagedProcess } from './managed-process.mjs';
import { waitUntilReady } from './wait-until-ready.mjs';

export const rabbitmqUser = 'offload';

/**
 * @typedef {object} RabbitmqPorts
 * @property {number} amqp
 * @property {number} management
 * @property {number} prometheus
 * @property {number} dist   Erlang distribution, for rabbitmqctl
 * @property {number} epmd   Erlang's port mapper
 */

/**
 * @typedef {object} ServerContext
 * @property {string} base
 * @property {(name: string, text: string) => void} say
 * @property {AbortSignal} signal   ends the start
 */

/**
 * What can be stopped; `stop` and `kill` may be called before it is ready.
 * @typedef {object} Server
 * @property {ManagedProcess[]} processes
 * @property {() => Promise<void>} ready
 * @property {() => Promise<void>} stop
 */

/**
 * @param {string} root  where RabbitMQ was unpacked
 * @param {RabbitmqPorts} ports
 * @param {string} password
 * @param {ServerContext} context
 * @returns {Server}
 */
export function startRabbitmq(root, ports, password, { base, say, signal }) {
  const folder = join(base, 'rabbitmq');
  writeConfiguration(folder, ports, password);
  const env = rabbitmqEnvironment(root, folder, ports);
  const logFile = join(base, 'log', 'rabbitmq.log');
  const programs = join(root, 'usr/lib/rabbitmq/bin');
  // Started here and not by the node, which would leave it behind as a daemon that nobody owns.
  const epmd = new ManagedProcess({
    name: 'epmd',
    file: join(root, 'usr/lib/erlang/bin/epmd'),
    args: ['-port', String(ports.epmd), '-address', '127.0.0.1'],
    env,
    cwd: folder,
    base,
    logFile: join(base, 'log', 'epmd.log'),
    say: (text) => say('epmd', text),
  });
  const node = new ManagedProcess({
    name: 'rabbitmq',
    file: join(programs, 'rabbitmq-server'),
    args: [],
    env,
    cwd: folder,
    base,
    logFile,
    patience: 60_000,
    say: (text) => say('rabbitmq', text),
    beforeStart: () => rmSync(join(folder, 'rabbit.pid'), { force: true }),
  });
  epmd.start();
  node.start();
  let isReady = false;
  return {
    processes: [node, epmd],
    ready: async () => {
      await waitUntilReady({
        process: node,
        logFile,
        variable: 'AMQP_URL',
        signal,
        async probe() {
          await probeAmqp(ports.amqp);
          await probeManagement(ports.management, password);
        },
      });
      isReady = true;
    },
    async stop() {
      // SIGTERM is a clean shutdown, but a node that is still booting may miss it; it holds nothing new then.
      await node.stop(isReady ? undefined : 3_000);
      await epmd.stop();
    },
  };
}

/**
 * @param {string} root
 * @param {string} folder
 * @param {RabbitmqPorts} ports
 * @returns {NodeJS.ProcessEnv}
 */
export function rabbitmqEnvironment(root, folder, ports) {
  const local = '-kernel inet_dist_use_interface {127,0,0,1} -start_epmd false';
  return {
    PATH: `${join(root, 'usr/lib/erlang/bin')}:${process.env['PATH'] ?? '/usr/bin:/bin'}`,
    HOME: folder, // .erlang.cookie lives here
    LC_ALL: 'C.UTF-8',
    RUNNING_UNDER_SYSTEMD: 'true', // makes the script become the node, so that its pid is the node's
    RABBITMQ_NODENAME: 'offload@localhost',
    RABBITMQ_DIST_PORT: String(ports.dist),
    ERL_EPMD_PORT: String(ports.epmd),
    ERL_EPMD_ADDRESS: '127.0.0.1',
    RABBITMQ_CONF_ENV_FILE: join(folder, 'etc/rabbitmq-env.conf'),
    RABBITMQ_CONFIG_FILE: join(folder, 'etc/rabbitmq.conf'),
    RABBITMQ_CONFIG_FILES: join(folder, 'etc/conf.d'),
    RABBITMQ_ADVANCED_CONFIG_FILE: join(folder, 'etc/advanced.config'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'etc/enabled_plugins'),
    RABBITMQ_MNESIA_BASE: join(folder, 'data'),
    RABBITMQ_LOG_BASE: join(folder, 'log'),
    RABBITMQ_PID_FILE: join(folder, 'rabbit.pid'),
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: local,
    RABBITMQ_CTL_ERL_ARGS: local,
  };
}

/**
 * @param {string} folder
 * @param {RabbitmqPorts} ports
 * @param {string} password
 */
function writeConfiguration(folder, ports, password) {
  for (const name of ['etc/conf.d', 'data', 'log']) {
    mkdirSync(join(folder, name), { recursive: true, mode: 0o700 });
  }
  const cookie = join(folder, '.erlang.cookie');
  if (!existsSync(cookie)) writeFileSync(cookie, randomBytes(20).toString('hex'), { mode: 0o400 });
  const etc = (/** @type {string} */ name) => join(folder, 'etc', name);
  writeFileSync(etc('rabbitmq-env.conf'), '');
  writeFileSync(etc('advanced.config'), '[].\n');
  writeFileSync(etc('enabled_plugins'), '[rabbitmq_management,rabbitmq_prometheus].\n');
  writeFileSync(etc('definitions.json'), JSON.stringify(definitions(password), undefined, 2), {
    mode: 0o600,
  });
  chmodSync(etc('definitions.json'), 0o600);
  writeFileSync(
    etc('rabbitmq.conf'),
    [
      `listeners.tcp.local = 127.0.0.1:${ports.amqp}`,
      'management.tcp.ip = 127.0.0.1',
      `management.tcp.port = ${ports.management}`,
      'prometheus.tcp.ip = 127.0.0.1',
      `prometheus.tcp.port = ${ports.prometheus}`,
      `load_definitions = ${etc('definitions.json')}`,
      'vm_memory_high_watermark.absolute = 1GB',
      'disk_free_limit.absolute = 500MB',
      'collect_statistics_interval = 5000',
      'log.console = true',
      'log.console.level = info',
      'log.file = false',
      '',
    ].join('\n'),
  );
}

/**
 * The one user and its rights (RabbitMQ's "Definition Export and Import" guide). Loaded at every start, so a
 * new password takes effect.
 * @param {string} password
 */
function definitions(password) {
  return {
    users: [
      {
        name: rabbitmqUser,
        password_hash: passwordHash(password, randomBytes(4)),
        hashing_algorithm: 'rabbit_password_hashing_sha256',
        tags: ['administrator'],
      },
    ],
    vhosts: [{ name: '/' }],
    permissions: [{ user: rabbitmqUser, vhost: '/', configure: '.*', write: '.*', read: '.*' }],
  };
}

/**
 * RabbitMQ's "Passwords" guide, "This is the algorithm": base64 of the salt and SHA-256 of salt and password.
 * @param {string} password
 * @param {Buffer} salt four bytes
 * @returns {string}
 */
export function passwordHash(password, salt) {
  const hash = createHash('sha256').update(salt).update(password, 'utf8').digest();
  return Buffer.concat([salt, hash]).toString('base64');
}

/**
 * @param {number} port
 * @param {string} password
 */
async function probeManagement(port, password) {
  const credentials = Buffer.from(`${rabbitmqUser}:${password}`).toString('base64');
  const response = await fetch(`http://127.0.0.1:${port}/api/whoami`, {
    headers: { authorization: `Basic ${credentials}` },
    signal: AbortSignal.timeout(5_000),
  });
  if (!response.ok)
    throw new Error(`the management API answered ${response.status} ${await response.text()}`);
}
