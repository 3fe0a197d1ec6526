// @ts-check
// What a `kill -9` of the supervisor left running is found by its pid files and ended before anything is
// started again: two brokers or databases on the same data would ruin it.

import { runningRecords, removeRecord, stopRecorded } from './process-record.mjs';

/** Stopped last, in this order, so that workers can still hand back what they hold. */
const servers = ['versitygw', 'rabbitmq', 'epmd', 'ferretdb', 'mongod', 'postgresql'];

/**
 * @param {string} base
 * @param {(text: string) => void} print
 */
export async function stopLeftovers(base, print) {
  const left = runningRecords(base);
  if (left.length === 0) return;
  print(
    `! processes of an earlier run were left behind, stopping them: ${left.map(({ name }) => name).join(', ')}`,
  );
  const order = (/** @type {string} */ name) => servers.indexOf(name);
  const services = left.filter(({ name }) => order(name) < 0);
  await Promise.all(services.map((record) => stop(base, record, print)));
  const others = left.filter(({ name }) => order(name) >= 0).sort((a, b) => order(a.name) - order(b.name));
  for (const record of others) await stop(base, record, print);
}

/**
 * @param {string} base
 * @param {import('./process-record.mjs').ProcessRecord} record
 * @param {(text: string) => void} print
 */
async function stop(base, record, print) {
  const how = await stopRecorded(record);
  if (how === 'killed') print(`! ${record.name} did not stop and was KILLED`);
  removeRecord(base, record.name);
}
