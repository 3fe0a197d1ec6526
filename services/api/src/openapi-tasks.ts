import { z } from 'zod';
import type { ZodOpenApiPathsObject } from 'zod-openapi';
import type { TaskContract } from '@offload/contracts/define-task';
import { clientContracts, contracts } from '@offload/contracts/registry';
import { taskState } from '@offload/contracts/task';
import { headers, json, jsonProblems, page, pageParams, problemAnswers } from './openapi-answers.js';
import { listQuery } from './list-tasks.js';
import { LONGEST_WAIT } from './prefer.js';
import { taskConditions } from './task-filter.js';
import { taskOptions } from './task-options.js';
import { taskFiles, taskHistory, taskSummary } from './task-resource.js';

/** `image.resize` → `ImageResize`: the stem of a type's schema names. */
export const schemaName = (type: string): string =>
  type.replaceAll(/(^|\.)([a-z])/g, (_all, _dot, letter: string) => letter.toUpperCase());

/** The schemas of a type; made once, since each id may be given once. */
const typeSchemas = contracts.map((contract) => {
  const name = schemaName(contract.type);
  const input = contract.input.meta({
    id: `${name}Input`,
    outputId: `${name}AcceptedInput`,
    examples: [contract.example],
  });
  return { contract, name, input, result: contract.result.meta({ id: `${name}Result` }) };
});

type TypeSchemas = (typeof typeSchemas)[number];
type OfType = z.ZodObject<{ type: z.ZodLiteral<string> }>;

/** A union by `type`: oneOf with a discriminator. */
const byType = (
  id: string,
  description: string,
  make: (schemas: TypeSchemas) => OfType,
  schemas = typeSchemas,
): z.ZodType =>
  z.discriminatedUnion('type', schemas.map(make) as [OfType, ...OfType[]]).meta({ id, description });

/** Of the types that clients may submit. */
export const byClientType: typeof byType = (id, description, make) =>
  byType(
    id,
    description,
    make,
    typeSchemas.filter(({ contract }) => !contract.internal),
  );

const newTask = byClientType('NewTask', 'A task to be done. `type` says what; `input` is its own.', (of) =>
  taskOptions
    .extend({ type: z.literal(of.contract.type), input: of.input })
    .meta({ id: `New${of.name}Task`, description: of.contract.summary }),
);

export const task = byType('Task', 'A task with its input, result and files.', (of) =>
  taskSummary
    .extend({
      type: z.literal(of.contract.type),
      // Not described here: that would be a copy without its name.
      input: of.input,
      result: of.result.nullable().describe('null until it has succeeded'),
      files: taskFiles,
      ...taskHistory,
    })
    .meta({ id: `${of.name}Task`, description: of.contract.summary }),
);

export const prefer = z
  .string()
  .optional()
  .meta({
    description: `wait=N (RFC 7240): the answer is held until the task has ended, or for N seconds; at most ${LONGEST_WAIT}`,
    examples: ['wait=30'],
  });
export const idempotencyKey = z
  .string()
  .optional()
  .meta({
    description:
      'Makes repeating safe (draft-ietf-httpapi-idempotency-key-header): for 24 hours the same key with the same body ' +
      'is answered with the same task, with another body by 422 `idempotency-key-reused`. ' +
      '1 to 200 printable ASCII characters in quotes',
    examples: ['"8e03978e-40d5-43dd-bc93-6894a57f9324"'],
  });
const ifNoneMatch = z.string().optional().meta({ description: 'An ETag; 304 when nothing has changed' });

export const taskId = z.object({ id: z.uuid() });

const taskHeaders = z.object({
  ETag: headers.etag,
  'Preference-Applied': headers.preferenceApplied.optional(),
});

const createdHeaders = taskHeaders.extend({
  Location: headers.location,
  'Existing-Task': z
    .enum(['idempotency-key', 'unique'])
    .optional()
    .describe('Nothing new was made: the task was there under this key'),
});

const exampleOf = ({ type, summary, example }: TaskContract) =>
  [type, { summary, value: { type, input: example } }] as const;

export const taskPaths: ZodOpenApiPathsObject = {
  '/v1/tasks': {
    post: {
      operationId: 'createTask',
      tags: ['Tasks'],
      summary: 'Has a task done',
      description:
        'Answered 202 as soon as the task is stored: from then on it is never lost. ' +
        'After a 503 nothing was done, or the answer was lost: with an Idempotency-Key, send it again as often as need be.',
      requestParams: { header: z.object({ Prefer: prefer, 'Idempotency-Key': idempotencyKey }) },
      requestBody: {
        required: true,
        content: {
          'application/json': {
            schema: newTask,
            examples: Object.fromEntries(clientContracts.map(exampleOf)),
          },
        },
      },
      responses: {
        '200': {
          description: 'It has ended: within the time of Prefer: wait, or it was there already',
          headers: createdHeaders,
          content: json(task),
        },
        '202': {
          description: 'Accepted, or accepted before',
          headers: createdHeaders.extend({ 'Retry-After': headers.retryAfter.optional() }),
          content: json(task),
        },
        ...problemAnswers(
          ...jsonProblems,
          'malformed-idempotency-key',
          'invalid-task',
          'idempotency-key-reused',
          'quota-exceeded',
        ),
      },
    },
    get: {
      operationId: 'listTasks',
      tags: ['Tasks'],
      summary: 'Lists tasks, newest first',
      requestParams: {
        header: z.object({ 'If-None-Match': ifNoneMatch }),
        query: z.object({
          ...taskConditions,
          state: taskState.optional(),
          q: listQuery.shape.q,
          ...pageParams,
        }),
      },
      responses: {
        '200': {
          description: 'A page',
          headers: z.object({ ETag: headers.etag }),
          content: page(taskSummary),
        },
        '304': { description: 'Nothing has changed' },
        ...problemAnswers('invalid-query'),
      },
    },
  },
  '/v1/tasks/{id}': {
    get: {
      operationId: 'getTask',
      tags: ['Tasks'],
      summary: 'Shows a task: state, progress, result or error',
      requestParams: {
        path: taskId,
        header: z.object({ Prefer: prefer, 'If-None-Match': ifNoneMatch }),
      },
      responses: {
        '200': { description: 'The task', headers: taskHeaders, content: json(task) },
        '304': { description: 'Nothing has changed' },
        ...problemAnswers('task-not-found'),
      },
    },
  },
};
