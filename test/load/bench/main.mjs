// `npm run bench [-- --quick] [-- --rounds N] [-- --store] [-- part …]`: starts the whole system with servers of its own
// and measures it beside its bare parts and the naive design. The last line says what got worse.
import { readFileSync, writeFileSync, mkdirSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { checkout } from '../../../infra/local/folders.mjs';
import { readProcessTypes } from '../../../infra/local/procfile.mjs';
import { runningEnvironment, runningPids } from '../../../infra/local/running-system.mjs';
import { System } from '../../../infra/local/run-system.mjs';
import { Steps } from '../../../infra/local/steps.mjs';
import { stopSignals } from '../../../infra/local/stop-signals.mjs';

const BASE = join(checkout, '.local', 'bench');
const STORED = new URL('last.json', import.meta.url);
const PARTS = ['bare', 'naive', 'oneByOne', 'half', 'inBatches', 'idle', 'worker', 'peers', 'backlog'];
/** Too long for every time. */
const ON_DEMAND = new Set(['peers', 'backlog']);

const { values, positionals } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    rounds: { type: 'string' },
    store: { type: 'boolean', default: false },
  },
  allowPositionals: true,
});
const unknown = positionals.filter((name) => !PARTS.includes(name));
if (unknown.length > 0)
  throw new Error(`There is no part ${unknown.join(', ')}; there are ${PARTS.join(', ')}.`);
const wanted = positionals.length > 0 ? positionals : PARTS.filter((name) => !ON_DEMAND.has(name));
const rounds = Number(values.rounds ?? (values.quick ? 1 : 3));
const size = values.quick
  ? { count: 5_000, seconds: 5, samples: 100 }
  : { count: 20_000, seconds: 10, samples: 300 };

const steps = new Steps(process.stdout, { live: false });
const types = readProcessTypes(checkout);
const counts = new Map(types.map(({ name }) => [name, ['web', 'clock', 'echo'].includes(name) ? 1 : 0]));
const { stop, kill } = stopSignals();
const system = new System({
  base: BASE,
  types,
  counts,
  env: { ...process.env, LOG_LEVEL: 'warn', OWNER_OPEN_TASKS: '10000000' },
  steps,
  output: (name, line) => console.log(`${name}: ${line}`),
  say: (name, text) => console.log(`${name}: ${text}`),
  signal: stop,
});

const stopped = new Promise((_resolve, reject) => {
  stop.addEventListener('abort', () => reject(stop.reason), { once: true });
});
stopped.catch(() => undefined); // seen by whoever waits below
kill.addEventListener('abort', () => {
  system.kill();
  process.exit(1);
});

try {
  await system.start(() => undefined);
  const env = runningEnvironment(BASE);
  const pids = runningPids(BASE);
  const measured = [];
  for (let n = 0; n < rounds; n++) {
    console.log(`round ${n + 1} of ${rounds}`);
    measured.push(await round({ env, pids, url: env.API_URL, ...size, waiting: 100_000 }));
  }
  await report(measured);
} finally {
  await system.stop();
}

async function round(context) {
  // Only now: what they import may have been installed a moment ago.
  const { bareParts } = await import('./bare-parts.mjs');
  const { naive } = await import('./naive.mjs');
  const offload = await import('./offload.mjs');
  const { idleWorker } = await import('./worker-idle.mjs');
  const { peers } = await import('./peers.mjs');
  const { backlog } = await import('./backlog.mjs');
  const results = {};
  const parts = {
    bare: () => bareParts(context),
    naive: () => naive(context),
    oneByOne: () => offload.oneByOne(context),
    half: () => offload.atRate({ ...context, perSecond: (results.oneByOne?.accepted ?? 2_000) / 2 }),
    inBatches: () => offload.inBatches(context),
    idle: () => offload.idleLatency(context),
    worker: () => idleWorker(context),
    peers: () => peers(context),
    backlog: () => backlog(context),
  };
  for (const name of wanted) {
    results[name] = await Promise.race([stopped, parts[name]()]);
    console.log(
      `  ${name}: ${JSON.stringify(results[name], (_key, value) => (typeof value === 'number' ? Number(value.toPrecision(4)) : value))}`,
    );
  }
  return results;
}

async function report(measured) {
  const { figuresOf, table, worse } = await import('./report.mjs');
  const figures = figuresOf(measured);
  const machine = `${cpus().length} cores (${cpus()[0]?.model.trim()}), Node ${process.version}`;
  mkdirSync(join(BASE, 'results'), { recursive: true });
  writeFileSync(join(BASE, 'results', 'bench.json'), JSON.stringify({ machine, measured, figures }, null, 2));
  console.log(`\n${machine}; medians of ${rounds}\n\n${table(figures)}\n`);
  const last = JSON.parse(readFileSync(STORED, 'utf8'));
  if (values.store) writeFileSync(STORED, `${JSON.stringify({ ...last, ...figures }, null, 2)}\n`);
  const lines = worse(figures, last);
  console.log(
    lines.length > 0
      ? `Worse by more than 15 %:\n  ${lines.join('\n  ')}`
      : 'Nothing got worse by more than 15 %.',
  );
}
