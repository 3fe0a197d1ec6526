import { setTimeout as sleep } from 'node:timers/promises';

/** Asks again and again, for things that tell nobody when they change (documents, other processes). */
export async function until<T>(what: string, ask: () => Promise<T | undefined>, ms = 45_000): Promise<T> {
  const end = performance.now() + ms;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > end) throw new Error(`Waited ${ms} ms for ${what}.`);
    await sleep(50);
  }
}
