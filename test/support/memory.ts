import { readFileSync } from 'node:fs';
import type { ServiceProcess } from './processes.js';

/** Resident memory of a process in megabytes: now, and the most that it ever had. */
export interface Memory {
  type: string;
  now: number;
  peak: number;
}

/** As the kernel counts it (Linux; proc(5): VmRSS and VmHWM of /proc/PID/status). */
export function memoryOf({ type, pid }: ServiceProcess): Memory {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const megabytes = (field: string): number => {
    const kilobytes = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1];
    if (!kilobytes) throw new Error(`/proc/${pid}/status has no ${field}.`);
    return Math.round(Number(kilobytes) / 1024);
  };
  return { type, now: megabytes('VmRSS'), peak: megabytes('VmHWM') };
}
