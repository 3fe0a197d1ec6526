import { z } from 'zod';
import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { problemAnswers } from './openapi-answers.js';
import { taskId } from './openapi-tasks.js';
import { streamQuery } from './streams.js';

const lastEventId = z.object({
  'Last-Event-ID': z
    .string()
    .optional()
    .describe('The id of the last event that was seen: what changed since is sent first, as it is now'),
});

const EXAMPLE = [
  'retry: 2000',
  '',
  'event: task',
  'id: mwusb4a9-01a20def-d865-71ad-af8f-ee26cc1fe155',
  'data: {"id":"01a20def-d865-71ad-af8f-ee26cc1fe155","type":"image.resize","state":"running", …}',
  '',
  '',
].join('\n');

const stream = (summary: string) => ({
  description: `${summary}. Events are \`task\` (data: a TaskSummary), \`batch\` (a BatchSummary), \`feed\` ({id}) and \`reset\` ({})`,
  content: {
    // A schema would be that of the whole text: OpenAPI 3.1 cannot describe single events.
    'text/event-stream': { example: EXAMPLE },
  },
});
const seen = { '204': { description: 'Its last event was seen; do not connect again' } };

export const streamPaths: ZodOpenApiPathsObject = {
  '/v1/events': {
    get: {
      operationId: 'watchTasks',
      tags: ['Tasks'],
      summary: 'Streams the tasks of the owner as they change (server-sent events)',
      description:
        'A task is sent as it is now, not each step. `feed`: the feed of the subscription with this id has changed. ' +
        '`reset`: changes may be missing, list your tasks again. A comment comes every 15 seconds.',
      requestParams: { query: streamQuery, header: lastEventId },
      responses: {
        '200': stream('Until the client leaves'),
        ...problemAnswers('invalid-query', 'too-many-streams'),
      },
    },
  },
  '/v1/tasks/{id}/events': {
    get: {
      operationId: 'watchTask',
      tags: ['Tasks'],
      summary: 'Streams a task as it is and each time it changes, until it has ended (server-sent events)',
      requestParams: { path: taskId, header: lastEventId },
      responses: {
        '200': stream('Until the task has ended'),
        ...seen,
        ...problemAnswers('task-not-found', 'too-many-streams'),
      },
    },
  },
  '/v1/batches/{id}/events': {
    get: {
      operationId: 'watchBatch',
      tags: ['Batches'],
      summary: 'Streams a batch and its tasks as they change, until it is completed (server-sent events)',
      requestParams: { path: z.object({ id: z.uuid() }), header: lastEventId },
      responses: {
        '200': stream('Until the batch is completed'),
        ...seen,
        ...problemAnswers('batch-not-found', 'too-many-streams'),
      },
    },
  },
};
