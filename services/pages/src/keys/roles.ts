import type { Schemas } from '@offload/client';

export type Role = Schemas['ApiKey']['roles'][number];

/** What each role may (docs/keys.md). */
export const ROLES: readonly (readonly [Role, string])[] = [
  ['submit', 'makes, changes and cancels its owner’s tasks, schedules and files'],
  ['read', 'reads them'],
  ['operate', 'both, and sees queues and dead letters'],
  ['admin', 'everything, also keys of every owner'],
];
