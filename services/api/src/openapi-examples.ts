import type { oas31 } from 'zod-openapi';
import { contracts } from '@offload/contracts/registry';
import { schemaName } from './openapi-tasks.js';

const TASK = '01a20def-d865-71ad-af8f-ee26cc1fe155';
const ENTRY = '01a20def-e004-7329-9f0f-4bd7c4a5e7a3';

/** A body for each operation whose schema has no example of its own. */
const BODIES: Record<string, Record<string, { summary: string; value: object }>> = {
  cancelTasks: {
    tag: { summary: 'All that have a tag', value: { tag: 'import-2026' } },
    ids: { summary: 'These', value: { ids: [TASK] } },
  },
  retryTasks: {
    type: {
      summary: 'All of a type that failed since a time',
      value: { type: 'feed.fetch', createdAfter: '2026-01-31T08:00:00Z', attempts: 3 },
    },
  },
  retryTask: {
    asItWas: { summary: 'As it was', value: {} },
    input: { summary: 'With another input', value: { input: { message: 'hello' }, attempts: 1 } },
  },
  requeueDeadLetters: {
    code: {
      summary: 'What failed for one reason in an hour',
      value: { code: 'timeout', since: '2026-01-31T08:00:00Z', until: '2026-01-31T09:00:00Z' },
    },
  },
  createSchedule: {
    weekdays: {
      summary: 'On weekdays at half past two in Berlin',
      value: {
        name: 'nightly mirror',
        type: 'feed.fetch',
        input: { url: 'https://example.com/feed.xml' },
        cron: '30 2 * * 1-5',
        timeZone: 'Europe/Berlin',
      },
    },
  },
  previewSchedule: {
    daily: { summary: 'The next five', value: { cron: '@daily', timeZone: 'Europe/Berlin', count: 5 } },
  },
  changeSchedule: {
    pause: { summary: 'Pause it', value: { paused: true } },
    cron: { summary: 'Move it', value: { cron: '0 4 * * *', timeZone: 'UTC', tags: null } },
  },
  subscribe: {
    feed: {
      summary: 'A feed, into a folder',
      value: { url: 'https://example.com/feed.xml', tags: ['News'] },
    },
  },
  changeFeed: { title: { summary: 'Another name, no folder', value: { title: 'My news', tags: null } } },
  markFeedRead: {
    before: { summary: 'What was seen by then', value: { before: '2026-01-31T08:00:00Z' } },
  },
  markAllRead: { all: { summary: 'All that is there', value: {} } },
  markEntries: { read: { summary: 'As read', value: { entries: [ENTRY], read: true } } },
  markEntry: { star: { summary: 'Star it', value: { starred: true } } },
  createKey: {
    reader: {
      summary: 'For a program that submits and reads',
      value: { owner: 'ann', name: 'her laptop', roles: ['submit', 'read'] },
    },
  },
  rotateKey: { hour: { summary: 'The old one is valid for another hour', value: { overlapMs: 3_600_000 } } },
  createWebhookSecret: { named: { summary: 'One of several', value: { name: 'billing' } } },
  rotateWebhookSecret: {
    hour: { summary: 'The old value signs for another hour', value: { overlapMs: 3_600_000 } },
  },
};

/** The document with an example of every body, and with the inputs of tasks as they are shown: with their defaults. */
export function withExamples(document: oas31.OpenAPIObject): oas31.OpenAPIObject {
  for (const item of Object.values(document.paths ?? {}))
    for (const { operationId = '', requestBody } of Object.values(
      item as Record<string, oas31.OperationObject>,
    )) {
      const examples = BODIES[operationId];
      const content =
        requestBody && 'content' in requestBody ? requestBody.content['application/json'] : undefined;
      if (examples && content) content.examples = examples;
    }
  const schemas = document.components?.schemas ?? {};
  for (const { type, input, example, internal } of contracts) {
    const shown = schemas[`${schemaName(type)}${internal ? '' : 'Accepted'}Input`];
    if (shown && 'examples' in shown) shown.examples = [input.parse(example)];
  }
  return document;
}
