import { expect } from '@jest/globals';
import type { System } from './system.js';

/** Milliseconds of some tasks, one after the other. */
export interface Latency {
  p50: number;
  p99: number;
}

/** From the POST of an interactive system.echo without work to its end as a long poll tells it. */
export async function latencyOf(system: System, samples: number): Promise<Latency> {
  const times: number[] = [];
  for (let n = 0; n < samples; n++) {
    const began = performance.now();
    const { id } = await system.submit('system.echo', { message: 'now' });
    expect((await system.ended(id)).state).toBe('succeeded');
    times.push(performance.now() - began);
  }
  times.sort((a, b) => a - b);
  const at = (part: number): number => times[Math.min(samples - 1, Math.floor(samples * part))] ?? NaN;
  return { p50: at(0.5), p99: at(0.99) };
}

export const latencyText = ({ p50, p99 }: Latency): string => `${p50.toFixed(0)}/${p99.toFixed(0)} ms`;
