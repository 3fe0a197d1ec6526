import type { Role } from '@offload/store/api-keys';

/** Paths that show or change more than one owner's things, or others' work. */
const OPERATE = /^\/v1\/(queues|dead-letters|workers|stats)(\/|$)/;
const ADMIN = /^\/v1\/keys(\/|$)/;
const SAFE_METHODS = new Set(['get', 'head', 'options']);

/**
 * The role that a request needs; null: nobody is asked. Only health and documents stand outside `/v1`.
 * @param path as requested, or as a route or document writes it
 */
export function roleNeeded(method: string, path: string): Role | null {
  // As Express matches paths: whatever their case.
  const asked = path.toLowerCase();
  if (!/^\/v1(\/|$)/.test(asked)) return null;
  if (ADMIN.test(asked)) return 'admin';
  if (OPERATE.test(asked)) return 'operate';
  return SAFE_METHODS.has(method.toLowerCase()) ? 'read' : 'submit';
}

/** Whether one who has these roles may do what needs that one: admin all, operate what submit and read may. */
export function mayDo(roles: readonly Role[], needed: Role): boolean {
  if (roles.includes('admin') || roles.includes(needed)) return true;
  return (needed === 'submit' || needed === 'read') && roles.includes('operate');
}
