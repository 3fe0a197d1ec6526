import type { HttpInput } from './build-request.js';

/** Whether a status is one of those that a task accepts: `200`, `"2xx"`, `"200-204"`. */
export const isAccepted = (status: number, rules: HttpInput['acceptStatuses']): boolean =>
  rules.some((rule) => {
    if (typeof rule === 'number') return rule === status;
    if (rule.endsWith('xx')) return rule.startsWith(String(Math.floor(status / 100)));
    const [from, to = from] = rule.split('-').map(Number);
    return status >= from! && status <= to!;
  });
