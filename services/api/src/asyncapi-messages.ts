import type { TaskContract } from '@offload/contracts/define-task';
import { contracts } from '@offload/contracts/registry';
import { taskStates } from '@offload/contracts/task';

export type Json = Record<string, unknown>;

const UUID: Json = { type: 'string', format: 'uuid' };
const TIME: Json = { type: 'string', format: 'date-time' };
const EXAMPLE_ID = '01a20def-d865-71ad-af8f-ee26cc1fe155';
const EXAMPLE_TIME = '2026-01-31T08:00:00.000Z';

const types = contracts.map(({ type }) => type);

/** JSON Schema of an object with these members, and perhaps those. */
const record = (members: Record<string, Json>, optional: Record<string, Json> = {}): Json => ({
  type: 'object',
  properties: { ...members, ...optional },
  required: Object.keys(members),
});

/** Of every message that stands for a task. */
const taskHeaders = record(
  {
    'x-seq': { type: 'integer', minimum: 0, description: 'Names the publication; a worker claims with it' },
    'x-version': { type: 'integer', minimum: 0, description: "The contract's version" },
    'x-owner': { type: 'string' },
  },
  {
    'x-alone': {
      type: 'boolean',
      description: 'Its last attempt ended with its worker: it runs alone in the next one',
    },
    traceparent: { type: 'string', description: 'W3C Trace Context' },
  },
);

const ownerHeader = record({ 'x-owner': { type: 'string' } });

/** A task's message: the input as JSON, everything else in AMQP's own properties. */
export const taskMessage = (contract: TaskContract, payload: object): Json => ({
  name: contract.type,
  title: contract.type,
  summary: contract.summary,
  contentType: 'application/json',
  correlationId: {
    description: "The task's id, in AMQP's correlation-id",
    location: '$message.header#/correlationId',
  },
  headers: taskHeaders,
  payload,
  bindings: { amqp: { messageType: contract.type, bindingVersion: '0.3.0' } },
  examples: [
    {
      headers: { 'x-seq': 0, 'x-version': contract.version, 'x-owner': 'ann' },
      payload: contract.input.parse(contract.example),
    },
  ],
});

const taskEvent: Json = {
  name: 'task.event',
  title: 'A task changed',
  summary: 'A hint: whoever needs the truth reads the task.',
  contentType: 'application/json',
  headers: ownerHeader,
  payload: record(
    {
      task: UUID,
      type: { type: 'string', enum: types },
      owner: { type: 'string' },
      state: { type: 'string', enum: taskStates },
      attempt: { type: 'integer', minimum: 0 },
      at: TIME,
    },
    {
      progress: record({
        done: { type: 'number' },
        total: { type: ['number', 'null'] },
        note: { type: ['string', 'null'] },
      }),
    },
  ),
  examples: [
    {
      headers: { 'x-owner': 'ann' },
      payload: {
        task: EXAMPLE_ID,
        type: 'image.resize',
        owner: 'ann',
        state: 'running',
        attempt: 1,
        at: EXAMPLE_TIME,
        progress: { done: 2, total: 3, note: null },
      },
    },
  ],
};

const batchEvent: Json = {
  name: 'batch.event',
  title: 'The last task of a batch has ended',
  summary: 'A hint, told at most once: whoever needs the truth reads the batch.',
  contentType: 'application/json',
  headers: ownerHeader,
  payload: record({
    batch: UUID,
    owner: { type: 'string' },
    state: { const: 'completed' },
    total: { type: 'integer', minimum: 0, description: 'Tasks that were accepted' },
    at: TIME,
  }),
  examples: [
    {
      headers: { 'x-owner': 'ann' },
      payload: { batch: EXAMPLE_ID, owner: 'ann', state: 'completed', total: 3, at: EXAMPLE_TIME },
    },
  ],
};

const control: Json = {
  name: 'control',
  title: 'Something that workers do sooner because of it',
  summary: 'A hint to all processes; kinds that one does not know are ignored.',
  contentType: 'application/json',
  payload: {
    oneOf: [
      record({ kind: { const: 'cancel' }, task: UUID }),
      record({ kind: { enum: ['pause', 'resume'] }, type: { type: 'string', enum: types } }),
    ],
  },
  examples: [
    { payload: { kind: 'cancel', task: EXAMPLE_ID } },
    { payload: { kind: 'pause', type: 'image.resize' } },
  ],
};

const unreadable: Json = {
  name: 'unreadable',
  title: 'A message that no worker can read',
  summary: 'As it was, of any content, with the reason.',
  headers: record(
    {
      'x-code': { type: 'string', description: 'Why, e.g. not-json' },
      'x-detail': { type: 'string' },
      'x-queue': { type: 'string', description: 'Where it was' },
    },
    { 'x-seq': {}, 'x-version': {}, 'x-owner': {} },
  ),
  payload: {},
  examples: [
    {
      headers: {
        'x-code': 'not-json',
        'x-detail': 'Unexpected end of JSON input',
        'x-queue': 'image.resize',
      },
      payload: '{',
    },
  ],
};

/** The messages that are not a task's, by their names in `components`. */
export const systemMessages: Record<'TaskEvent' | 'BatchEvent' | 'Control' | 'Unreadable', Json> = {
  TaskEvent: taskEvent,
  BatchEvent: batchEvent,
  Control: control,
  Unreadable: unreadable,
};
