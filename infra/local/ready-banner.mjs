// @ts-check
// What a person wants to know once the system runs.

import { relative } from 'node:path';
import { durationText } from './steps.mjs';

/**
 * @param {NodeJS.ProcessEnv} env   of the system
 * @param {{ base: string, milliseconds: number, waitingForS3: string[] }} facts
 * @returns {string}
 */
export function readyBanner(env, { base, milliseconds, waitingForS3 }) {
  /** @type {[string, string][]} */
  const rows = [];
  const api = env['API_URL'];
  if (api) rows.push(['Web app', `${api}/`], ['API docs', `${api}/docs`]);
  const management = env['RABBITMQ_MANAGEMENT_URL'];
  if (management) {
    const { username, password, origin } = new URL(management);
    const login = `(user ${decodeURIComponent(username)}, password ${decodeURIComponent(password)})`;
    rows.push(['RabbitMQ management', `${origin}/ ${login}`]);
  }
  if (env['S3_ENDPOINT']) {
    rows.push([
      'S3 endpoint',
      `${env['S3_ENDPOINT']} (bucket ${env['S3_BUCKETS']}; its keys are in the file below)`,
    ]);
  }
  const shown = relative(process.cwd(), base) || base;
  rows.push(['URLs and keys', `${shown}/env.json`], ['Logs', `${shown}/log/`]);
  const lines = rows.map(([name, value]) => `  ${name.padEnd(20)} ${value}`);
  const allow = env['OUTBOUND_ALLOW'];
  if (allow) {
    lines.push(
      `  Tasks may fetch from addresses of this machine here (OUTBOUND_ALLOW=${allow}); in production they may not.`,
    );
  }
  if (waitingForS3.length > 0) {
    lines.push(`  ${waitingForS3.join(', ')} will start when the S3 server has been built.`);
  }
  const title = `Offload is ready (${durationText(milliseconds)}). Ctrl-C stops everything.`;
  return ['', title, ...lines, ''].join('\n');
}
