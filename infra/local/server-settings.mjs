// @ts-check
// Which servers are the user's own (named by environment variables) and which ones are to be started here.

import { SetupFailure } from './failure.mjs';

/**
 * @typedef {object} ServerSettings
 * @property {boolean} startRabbitmq
 * @property {boolean} startDatabase
 * @property {boolean} startS3
 */

/**
 * @param {NodeJS.ProcessEnv} env
 * @returns {ServerSettings}
 * @throws {SetupFailure} when an S3 server is named without its keys
 */
export function serverSettings(env) {
  const missing = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'].filter((name) => !env[name]);
  if (env['S3_ENDPOINT'] && missing.length > 0) {
    throw new SetupFailure(
      `S3_ENDPOINT is set, but not ${missing.join(' and ')}`,
      `The S3 server at ${env['S3_ENDPOINT']} is yours, so its keys must come from you.`,
      [`set ${missing.join(' and ')}`, 'or unset S3_ENDPOINT to have a local S3 server started'],
    );
  }
  return {
    startRabbitmq: !env['AMQP_URL'],
    startDatabase: !env['MONGODB_URI'],
    startS3: !env['S3_ENDPOINT'],
  };
}

/**
 * What every process of the system is given; what the user has set wins.
 * @param {NodeJS.ProcessEnv} user    the environment we were started in
 * @param {Record<string, string>} servers  the variables of the servers that were started here
 * @returns {NodeJS.ProcessEnv}
 */
export function processEnvironment(user, servers) {
  /** @type {Record<string, string>} */
  const defaults = {
    ...servers,
    AWS_REGION: 'us-east-1',
    S3_BUCKETS: 'offload',
    HOST: '127.0.0.1',
    HEALTH_PORT: '0',
    NODE_ENV: 'development',
    OUTBOUND_ALLOW: 'loopback',
    // Eight lines at each start about the end of Node 20, which this project supports for as long as the SDK does.
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  };
  const set = Object.fromEntries(
    Object.entries(user).filter(([, value]) => value !== undefined && value !== ''),
  );
  // The keys of an S3 server that was started here belong to it, whatever keys to Amazon's the user has at hand.
  const own = servers['S3_ENDPOINT'] ? pick(servers, ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) : {};
  return { ...defaults, ...set, ...own };
}

/**
 * @param {Record<string, string>} from
 * @param {string[]} names
 */
function pick(from, names) {
  return Object.fromEntries(names.flatMap((name) => (from[name] === undefined ? [] : [[name, from[name]]])));
}
