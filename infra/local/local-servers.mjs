// @ts-check
// Starts the servers that are not given by the environment: each as soon as its binaries are there.

import { join } from 'node:path';
import { explainFailure } from './explain-failure.mjs';
import { ferretdbRecipe, startFerretdb } from './ferretdb.mjs';
import { findMongod, startMongod } from './mongod.mjs';
import { thisPlatform } from './platform.mjs';
import { choosePorts } from './ports.mjs';
import { postgresqlRecipe } from './postgresql-install.mjs';
import { databaseUser, startPostgresql } from './postgresql.mjs';
import { rabbitmqRecipe } from './rabbitmq-install.mjs';
import { rabbitmqUser, startRabbitmq } from './rabbitmq.mjs';
import { loadSecrets } from './secrets.mjs';
import { ensureInstalled, findInstalled } from './server-cache.mjs';
import { startVersitygw, versitygwRecipe } from './versitygw.mjs';

/** @typedef {import('./rabbitmq.mjs').Server} Server */
/** @typedef {import('./server-cache.mjs').InstallContext} InstallContext */

/**
 * @typedef {object} LocalServersOptions
 * @property {string} base
 * @property {import('./server-settings.mjs').ServerSettings} settings
 * @property {boolean} usualPorts   5672, 15672, 27017, 9000 if they are free; else any free ones
 * @property {NodeJS.ProcessEnv} env  the user's
 * @property {AbortSignal} signal     ends the start
 * @property {import('./steps.mjs').Steps} steps
 * @property {(name: string, text: string) => void} say  tells about crashes and ports that were taken
 */

/** The servers of one base folder. */
export class LocalServers {
  /** @type {LocalServersOptions} */
  #options;
  /** In the order of their start; they are stopped in the reverse order. @type {Server[]} */
  #running = [];
  /** @type {Promise<void>[]} */
  #starting = [];
  /** @type {Record<string, string>} */
  #variables = {};

  /** @param {LocalServersOptions} options */
  constructor(options) {
    this.#options = options;
  }

  /** The environment variables of what was started: URLs and credentials. */
  get variables() {
    return { ...this.#variables };
  }

  /** Whether something has to be downloaded or built first. */
  mustInstall() {
    const { settings, env } = this.#options;
    const recipes = [
      ...(settings.startRabbitmq ? [rabbitmqRecipe(env)] : []),
      ...(settings.startDatabase && !findMongod(env['PATH']) ? [postgresqlRecipe, ferretdbRecipe] : []),
      ...(settings.startS3 ? [versitygwRecipe] : []),
    ];
    return recipes.some((recipe) => findInstalled(recipe) === undefined);
  }

  /** Every process, for `env.json` and for tests that kill one. */
  get processes() {
    return this.#running.flatMap((server) => server.processes);
  }

  /**
   * Begins to start everything. The promises settle one by one, so that nothing waits for what it does not need.
   * @returns {Promise<{ broker: Promise<void>, database: Promise<void>, s3: Promise<void> }>}
   */
  async start() {
    const { settings, usualPorts, say, env } = this.#options;
    // Before anything is begun that would be of no use on a system without Debian's packages.
    if (settings.startRabbitmq || (settings.startDatabase && !findMongod(env['PATH']))) thisPlatform();
    /** @type {Record<string, number>} */
    const usual = {
      ...(settings.startRabbitmq
        ? { AMQP: 5672, 'RabbitMQ management': 15672, prometheus: 0, dist: 0, epmd: 0 }
        : {}),
      ...(settings.startDatabase ? { MongoDB: 27017 } : {}),
      ...(settings.startS3 ? { S3: 9000 } : {}),
    };
    if (!usualPorts) for (const name of Object.keys(usual)) usual[name] = 0;
    const ports = await choosePorts(usual);
    for (const [name, { port, instead }] of Object.entries(ports)) {
      if (instead) say('ports', `${instead} (${name}) is taken; using ${port}`);
    }
    const port = (/** @type {string} */ name) => ports[name]?.port ?? 0;
    const secrets = loadSecrets(this.#options.base);
    const starting = {
      broker: settings.startRabbitmq ? this.#startBroker(port, secrets) : Promise.resolve(),
      database: settings.startDatabase ? this.#startDatabase(port('MongoDB'), secrets) : Promise.resolve(),
      s3: settings.startS3 ? this.#startS3(port('S3'), secrets) : Promise.resolve(),
    };
    this.#starting = Object.values(starting);
    return starting;
  }

  /** Stops S3 and the broker, then the database. A start that is under way must have been aborted by its signal. */
  async stop() {
    await Promise.allSettled(this.#starting); // else a server could come up after we looked
    const databases = new Set(['postgresql', 'ferretdb', 'mongod']);
    const isDatabase = (/** @type {Server} */ server) =>
      server.processes.some(({ name }) => databases.has(name));
    const others = this.#running.filter((server) => !isDatabase(server));
    await Promise.all(others.map((server) => server.stop()));
    for (const server of this.#running.filter(isDatabase).reverse()) await server.stop();
    this.#running = [];
  }

  /** Ends every server at once. */
  kill() {
    for (const process of this.processes) process.kill();
  }

  /**
   * @param {(name: string) => number} port
   * @param {import('./secrets.mjs').Secrets} secrets
   */
  async #startBroker(port, secrets) {
    const { folder } = await this.#install(rabbitmqRecipe(this.#options.env), 'RabbitMQ');
    const ports = {
      amqp: port('AMQP'),
      management: port('RabbitMQ management'),
      prometheus: port('prometheus'),
      dist: port('dist'),
      epmd: port('epmd'),
    };
    await this.#options.steps.run('RabbitMQ starts', async () => {
      await this.#launch(startRabbitmq(folder, ports, secrets.rabbitmq, this.#options));
    });
    const login = `${rabbitmqUser}:${secrets.rabbitmq}`;
    this.#variables['AMQP_URL'] = `amqp://${login}@127.0.0.1:${ports.amqp}`;
    this.#variables['RABBITMQ_MANAGEMENT_URL'] = `http://${login}@127.0.0.1:${ports.management}`;
  }

  /**
   * @param {number} port
   * @param {import('./secrets.mjs').Secrets} secrets
   */
  async #startDatabase(port, secrets) {
    const mongod = findMongod(this.#options.env['PATH']);
    if (mongod) {
      await this.#options.steps.run(`MongoDB starts (${mongod})`, async () => {
        const server = startMongod(mongod, { port }, this.#options);
        await this.#launch(server);
        const login = `${server.user}:${server.password}`;
        this.#variables['MONGODB_URI'] = `mongodb://${login}@127.0.0.1:${port}/offload?authSource=admin`;
      });
      return;
    }
    const [postgresql, ferretdb] = await Promise.all([
      this.#install(postgresqlRecipe, 'PostgreSQL with DocumentDB'),
      this.#install(ferretdbRecipe, 'FerretDB'),
    ]);
    await this.#options.steps.run('database starts', async (note) => {
      note('PostgreSQL');
      const postgres = await startPostgresql(postgresql.folder, secrets.database, this.#options);
      await this.#launch(postgres);
      note('FerretDB');
      const program = join(ferretdb.folder, 'bin/ferretdb');
      await this.#launch(startFerretdb(program, { port, socket: postgres.socket }, this.#options));
    });
    const login = `${databaseUser}:${secrets.database}`;
    this.#variables['MONGODB_URI'] = `mongodb://${login}@127.0.0.1:${port}/offload?authSource=admin`;
  }

  /**
   * @param {number} port
   * @param {import('./secrets.mjs').Secrets} secrets
   */
  async #startS3(port, secrets) {
    const { folder } = await this.#install(versitygwRecipe, 'S3 server (versitygw)');
    const buckets = (this.#options.env['S3_BUCKETS'] || 'offload').split(',').map((name) => name.trim());
    await this.#options.steps.run('S3 server starts', async () => {
      const settings = { port, accessKey: secrets.s3Key, secretKey: secrets.s3Secret, buckets };
      await this.#launch(startVersitygw(join(folder, 'bin/versitygw'), settings, this.#options));
    });
    this.#variables['S3_ENDPOINT'] = `http://127.0.0.1:${port}`;
    this.#variables['AWS_ACCESS_KEY_ID'] = secrets.s3Key;
    this.#variables['AWS_SECRET_ACCESS_KEY'] = secrets.s3Secret;
  }

  /** @param {Server} server */
  async #launch(server) {
    this.#running.push(server);
    await server.ready();
  }

  /**
   * @param {import('./server-cache.mjs').Recipe} recipe
   * @param {string} title
   */
  #install(recipe, title) {
    const { base, signal, steps } = this.#options;
    const logFile = join(base, 'log', `install-${recipe.name}.log`);
    return steps.run(title, async (note) => {
      try {
        return await ensureInstalled(recipe, { signal, note, logFile });
      } catch (error) {
        throw explainFailure(error, { step: title, variable: recipe.variable, logFile });
      }
    });
  }
}
