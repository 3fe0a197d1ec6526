import { isTerminal, type TaskState } from '@offload/contracts/task';
import mongoose from 'mongoose';
import type { System } from './system.js';

/** What became of every task that got a 202. */
export interface Ledger {
  accepted: number;
  byState: Partial<Record<TaskState, number>>;
  /** Accepted, and not in the store. */
  lost: string[];
  /** Accepted, and not ended. */
  open: string[];
  /** Stored as done more than once, by the workers' own logs. */
  doneTwice: string[];
}

const DONE = / debug done task=(\S+)/;

/** Reads the store and the workers' logs (LOG_LEVEL debug); `accepted` are the ids that were answered 202. */
export async function ledgerOf(system: System, accepted: string[]): Promise<Ledger> {
  const connection = await mongoose.createConnection(system.database.uri).asPromise();
  const found = await connection
    .collection<{ _id: string; state: TaskState }>('tasks')
    .find({}, { projection: { state: 1 } })
    .toArray();
  await connection.close();
  const states = new Map(found.map((task) => [task._id, task.state]));
  const byState: Ledger['byState'] = {};
  for (const id of accepted) {
    const state = states.get(id);
    if (state) byState[state] = (byState[state] ?? 0) + 1;
  }
  const done = new Map<string, number>();
  for (const { lines } of system.processes)
    for (const line of lines.received) {
      const id = DONE.exec(line)?.[1];
      if (id) done.set(id, (done.get(id) ?? 0) + 1);
    }
  return {
    accepted: accepted.length,
    byState,
    lost: accepted.filter((id) => !states.has(id)),
    open: accepted.filter((id) => {
      const state = states.get(id);
      return state !== undefined && !isTerminal(state);
    }),
    doneTwice: [...done].filter(([, count]) => count > 1).map(([id]) => id),
  };
}

/** The ledger once nothing is open any more, or as it is after `ms`. */
export async function settledLedger(system: System, accepted: string[], ms: number): Promise<Ledger> {
  const until = performance.now() + ms;
  for (;;) {
    const ledger = await ledgerOf(system, accepted);
    if (ledger.open.length === 0 || performance.now() > until) return ledger;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}
