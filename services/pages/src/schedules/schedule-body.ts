import { isObject, type Json, type JsonObject } from '../schema-form/json-value.js';

/** What a schedule was made with that a PATCH may take away: null there, absent in a new one. */
const REMOVABLE = ['timeoutMs', 'maxAttempts', 'tags'] as const;
const EDITABLE = [
  'name',
  'input',
  'cron',
  'timeZone',
  'lane',
  ...REMOVABLE,
  'catchUp',
  'overlap',
  'paused',
] as const;

/** A schedule as the API shows it, as the body that would make it. */
export function bodyOf(schedule: JsonObject): JsonObject {
  const told = ['type', ...EDITABLE].flatMap((name): [string, Json][] => {
    const value = schedule[name];
    const isEmptyList = Array.isArray(value) && value.length === 0 && name === 'tags';
    return value === undefined || value === null || isEmptyList ? [] : [[name, value]];
  });
  return Object.fromEntries(told);
}

/** What changed between two bodies, as PATCH wants it (RFC 7396): null takes an optional member away. */
export function patchOf(before: JsonObject, after: Json): JsonObject {
  const now = isObject(after) ? after : {};
  const changed = Object.entries(now).filter(
    ([name, value]) => name !== 'type' && JSON.stringify(value) !== JSON.stringify(before[name]),
  );
  const removed = REMOVABLE.filter((name) => before[name] !== undefined && now[name] === undefined);
  return Object.fromEntries([...changed, ...removed.map((name): [string, null] => [name, null])]);
}
