import { describe, expect, test } from '@jest/globals';
import type { Role } from '@offload/store/api-keys';
import { mayDo, roleNeeded } from './access.js';

describe('the role that a request needs', () => {
  test.each<[string, string, Role | null]>([
    ['GET', '/healthz', null],
    ['GET', '/docs', null],
    ['GET', '/v1x', null],
    ['GET', '/v1/tasks', 'read'],
    ['HEAD', '/v1/tasks/1/files/a', 'read'],
    ['OPTIONS', '/v1/tasks', 'read'],
    ['POST', '/v1/tasks', 'submit'],
    ['DELETE', '/v1/tasks/1', 'submit'],
    ['PATCH', '/v1/schedules/1', 'submit'],
    ['GET', '/v1/queues', 'operate'],
    ['POST', '/v1/queues/feed.fetch/pause', 'operate'],
    ['GET', '/V1/Dead-Letters', 'operate'],
    ['GET', '/v1/keys', 'admin'],
    ['DELETE', '/v1/KEYS/1', 'admin'],
  ])('%s %s: %s', (method, path, role) => {
    expect(roleNeeded(method, path)).toBe(role);
  });
});

describe('who may do what needs', () => {
  test.each<[Role, Role[], boolean]>([
    ['submit', ['submit'], true],
    ['read', ['submit'], false],
    ['read', ['operate'], true],
    ['submit', ['operate'], true],
    ['admin', ['operate', 'submit', 'read'], false],
    ['operate', ['submit', 'read'], false],
    ['operate', ['admin'], true],
    ['admin', ['admin'], true],
    ['read', [], false],
  ])('%s, with %j: %s', (needed, roles, may) => {
    expect(mayDo(roles, needed)).toBe(may);
  });
});
