import { z } from 'zod';
import type { ZodOpenApiPathsObject } from 'zod-openapi';
import {
  deadLetter,
  discardQuery,
  discardUnreadableQuery,
  requeueBody,
  unreadableMessage,
} from './dead-letters.js';
import {
  body,
  headers,
  json,
  bodyProblems,
  pageAnswers,
  pageParams,
  problemAnswers,
} from './openapi-answers.js';
import { task, taskId } from './openapi-tasks.js';
import { cancelManyBody, deleteManyQuery, handled, retryManyBody } from './operate-many.js';
import { retryBody } from './operate-task.js';
import { queue, queueSwitch } from './queues.js';
import { deadLetterConditions, taskType } from './task-filter.js';

const OPERATE = { tags: ['Operations'] };
const OWN = { tags: ['Tasks'] };

const MANY =
  'At least one condition is needed, and all that are given have to hold. One request treats at most 10,000 tasks: ' +
  'send it again while `more` is true.';

const doneToMany = { '200': { description: 'How many', content: json(handled) } };

const onTasks: ZodOpenApiPathsObject = {
  '/v1/tasks': {
    delete: {
      operationId: 'deleteTasks',
      ...OWN,
      summary: 'Deletes ended tasks with their files',
      description: MANY,
      requestParams: { query: deleteManyQuery },
      responses: { ...doneToMany, ...problemAnswers('cross-site', 'invalid-query') },
    },
  },
  '/v1/tasks/cancel': {
    post: {
      operationId: 'cancelTasks',
      ...OWN,
      summary: 'Cancels tasks that have not ended',
      description: MANY,
      ...body(cancelManyBody),
      responses: { ...doneToMany, ...problemAnswers(...bodyProblems) },
    },
  },
  '/v1/tasks/retry': {
    post: {
      operationId: 'retryTasks',
      ...OWN,
      summary: 'Has failed (or cancelled) tasks run again',
      description: MANY,
      ...body(retryManyBody),
      responses: { ...doneToMany, ...problemAnswers(...bodyProblems, 'quota-exceeded') },
    },
  },
};

const onTask: ZodOpenApiPathsObject = {
  '/v1/tasks/{id}': {
    delete: {
      operationId: 'deleteTask',
      ...OWN,
      summary: 'Deletes an ended task with its files',
      requestParams: { path: taskId },
      responses: {
        '204': { description: 'It is gone' },
        ...problemAnswers('cross-site', 'task-not-found', 'not-ended'),
      },
    },
  },
  '/v1/tasks/{id}/cancel': {
    post: {
      operationId: 'cancelTask',
      ...OWN,
      summary: 'Cancels a task that has not ended',
      description:
        'At once, wherever it is: the signal of its handler fires within a second, and nothing of it is stored ' +
        'afterwards. Cancelling a cancelled task changes nothing and is answered 200, too.',
      requestParams: { path: taskId },
      responses: {
        '200': {
          description: 'It is cancelled',
          headers: z.object({ ETag: headers.etag }),
          content: json(task),
        },
        ...problemAnswers('cross-site', 'task-not-found', 'already-ended'),
      },
    },
  },
  '/v1/tasks/{id}/retry': {
    post: {
      operationId: 'retryTask',
      ...OWN,
      summary: 'Has a failed or cancelled task run again, on demand with another input',
      description:
        'Asked twice at the same moment it runs once: the second request gets a 409. What failed because of this ' +
        'task (`dependency-failed`) is not retried with it.',
      requestParams: { path: taskId },
      ...body(retryBody, false),
      responses: {
        '202': {
          description: 'It will run again',
          headers: z.object({ Location: headers.location }),
          content: json(task),
        },
        ...problemAnswers(
          ...bodyProblems,
          'task-not-found',
          'not-retryable',
          'invalid-task',
          'quota-exceeded',
        ),
      },
    },
  },
};

const deadLetters: ZodOpenApiPathsObject = {
  '/v1/dead-letters': {
    get: {
      operationId: 'listDeadLetters',
      ...OPERATE,
      summary: 'Lists failed tasks with reason, stack, attempts and input, the newest task first',
      requestParams: {
        query: z.object({
          ...deadLetterConditions,
          ...pageParams,
        }),
      },
      responses: pageAnswers(deadLetter),
    },
    delete: {
      operationId: 'discardDeadLetters',
      ...OPERATE,
      summary: 'Discards failed tasks',
      description: MANY,
      requestParams: { query: discardQuery },
      responses: { ...doneToMany, ...problemAnswers('cross-site', 'invalid-query') },
    },
  },
  '/v1/dead-letters/requeue': {
    post: {
      operationId: 'requeueDeadLetters',
      ...OPERATE,
      summary: 'Has failed tasks run again; one with an edited input: see retryTask',
      description: MANY,
      ...body(requeueBody),
      responses: { ...doneToMany, ...problemAnswers(...bodyProblems, 'quota-exceeded') },
    },
  },
  '/v1/dead-letters/unreadable': {
    get: {
      operationId: 'listUnreadableMessages',
      ...OPERATE,
      summary: 'Lists messages that stand for no task, the newest first',
      requestParams: { query: z.object({ limit: pageParams.limit }) },
      responses: {
        '200': {
          description: 'They are kept for 30 days',
          content: json(z.object({ items: z.array(unreadableMessage) })),
        },
        ...problemAnswers('invalid-query'),
      },
    },
    delete: {
      operationId: 'discardUnreadableMessages',
      ...OPERATE,
      summary: 'Discards messages that stand for no task',
      requestParams: { query: discardUnreadableQuery },
      responses: {
        '200': { description: 'How many', content: json(z.object({ done: z.int() })) },
        ...problemAnswers('cross-site', 'invalid-query'),
      },
    },
  },
};

const type = z.object({ type: taskType });

const queues: ZodOpenApiPathsObject = {
  '/v1/queues': {
    get: {
      operationId: 'listQueues',
      ...OPERATE,
      summary: 'Shows what waits, what runs and who works, by task type',
      responses: {
        '200': { description: 'Every type', content: json(z.object({ items: z.array(queue) })) },
        ...problemAnswers(),
      },
    },
  },
  '/v1/queues/{type}/pause': {
    post: {
      operationId: 'pauseQueue',
      ...OPERATE,
      summary: 'Has all workers of a type begin nothing more',
      description:
        'What runs goes on; tasks are still taken in. It holds until it is resumed, over restarts, too.',
      requestParams: { path: type },
      responses: {
        '200': { description: 'It is paused', content: json(queueSwitch) },
        ...problemAnswers('cross-site', 'queue-not-found'),
      },
    },
  },
  '/v1/queues/{type}/resume': {
    post: {
      operationId: 'resumeQueue',
      ...OPERATE,
      summary: 'Has the workers of a paused type go on',
      requestParams: { path: type },
      responses: {
        '200': { description: 'It is not paused', content: json(queueSwitch) },
        ...problemAnswers('cross-site', 'queue-not-found'),
      },
    },
  },
};

/** To be merged with the operations of the same paths elsewhere. */
export const operatePaths: ZodOpenApiPathsObject = { ...onTasks, ...onTask, ...deadLetters, ...queues };
