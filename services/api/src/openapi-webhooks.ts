import { z } from 'zod';
import type { ZodOpenApiPathsObject, ZodOpenApiPathItemObject } from 'zod-openapi';
import { batchPayload, taskPayload } from '@offload/contracts/webhook-event';
import {
  body,
  bodyProblems,
  headers,
  json,
  pageAnswers,
  pageParams,
  problemAnswers,
} from './openapi-answers.js';
import { deliveryConditions } from './webhook-deliveries.js';
import { delivery, deliverySummary, disabledEndpoint } from './webhook-resource.js';
import { createdSecret, newSecret, secretRotation, webhookSecret } from './webhook-secrets.js';

const WEBHOOKS = { tags: ['Webhooks'] };
const path = z.object({ id: z.uuid() });
const located = z.object({ Location: headers.location });

const made = {
  '201': { description: 'The secret, shown this once', headers: located, content: json(createdSecret) },
};

const secretPaths: ZodOpenApiPathsObject = {
  '/v1/webhooks/secrets': {
    get: {
      operationId: 'listWebhookSecrets',
      ...WEBHOOKS,
      summary: 'Lists what your webhooks are signed with, without the secrets themselves',
      requestParams: { query: z.object(pageParams) },
      responses: pageAnswers(webhookSecret),
    },
    post: {
      operationId: 'createWebhookSecret',
      ...WEBHOOKS,
      summary: 'Makes a secret that webhooks are signed with',
      description: 'Callbacks name it; without a name, the one named `default` is meant.',
      ...body(newSecret, false),
      responses: {
        ...made,
        ...problemAnswers(...bodyProblems, 'webhook-secret-exists', 'too-many-webhook-secrets'),
      },
    },
  },
  '/v1/webhooks/secrets/{id}': {
    get: {
      operationId: 'getWebhookSecret',
      ...WEBHOOKS,
      summary: 'Shows a secret, without the secret itself',
      requestParams: { path },
      responses: {
        '200': { description: 'It', content: json(webhookSecret) },
        ...problemAnswers('webhook-secret-not-found'),
      },
    },
    delete: {
      operationId: 'deleteWebhookSecret',
      ...WEBHOOKS,
      summary: 'Deletes a secret; webhooks that name it are not sent any more',
      requestParams: { path },
      responses: {
        '204': { description: 'It is deleted' },
        ...problemAnswers('cross-site', 'webhook-secret-not-found'),
      },
    },
  },
  '/v1/webhooks/secrets/{id}/rotate': {
    post: {
      operationId: 'rotateWebhookSecret',
      ...WEBHOOKS,
      summary: 'Gives a secret a new value; those before sign beside it for a while',
      requestParams: { path },
      ...body(secretRotation, false),
      responses: { ...made, ...problemAnswers(...bodyProblems, 'webhook-secret-not-found') },
    },
  },
};

const deliveryPaths: ZodOpenApiPathsObject = {
  '/v1/webhooks/deliveries': {
    get: {
      operationId: 'listWebhookDeliveries',
      ...WEBHOOKS,
      summary: 'Lists what was sent to callbacks, the newest first',
      requestParams: { query: z.object({ ...deliveryConditions, ...pageParams }) },
      responses: pageAnswers(deliverySummary),
    },
  },
  '/v1/webhooks/deliveries/{id}': {
    get: {
      operationId: 'getWebhookDelivery',
      ...WEBHOOKS,
      summary: 'Shows a delivery with its attempts and payload',
      requestParams: { path },
      responses: {
        '200': { description: 'It', content: json(delivery) },
        ...problemAnswers('webhook-delivery-not-found'),
      },
    },
  },
  '/v1/webhooks/deliveries/{id}/replay': {
    post: {
      operationId: 'replayWebhookDelivery',
      ...WEBHOOKS,
      summary: 'Sends a delivery again, at once, with the same webhook-id and payload',
      requestParams: { path },
      responses: {
        '202': { description: 'It is being sent', headers: located, content: json(delivery) },
        ...problemAnswers('cross-site', 'webhook-delivery-not-found'),
      },
    },
  },
};

const endpointPaths: ZodOpenApiPathsObject = {
  '/v1/webhooks/endpoints': {
    get: {
      operationId: 'listWebhookEndpoints',
      ...WEBHOOKS,
      summary: 'Lists the URLs that nothing is sent to any more, since they answered 410',
      requestParams: { query: z.object(pageParams) },
      responses: pageAnswers(disabledEndpoint),
    },
  },
  '/v1/webhooks/endpoints/{id}': {
    get: {
      operationId: 'getWebhookEndpoint',
      ...WEBHOOKS,
      summary: 'Shows a disabled URL',
      requestParams: { path },
      responses: {
        '200': { description: 'It', content: json(disabledEndpoint) },
        ...problemAnswers('webhook-endpoint-not-found'),
      },
    },
  },
  '/v1/webhooks/endpoints/{id}/enable': {
    post: {
      operationId: 'enableWebhookEndpoint',
      ...WEBHOOKS,
      summary: 'Has a disabled URL sent to again; what was not sent meanwhile can be replayed',
      requestParams: { path },
      responses: {
        '204': { description: 'It is enabled' },
        ...problemAnswers('cross-site', 'webhook-endpoint-not-found'),
      },
    },
  },
};

export const webhookPaths: ZodOpenApiPathsObject = { ...secretPaths, ...deliveryPaths, ...endpointPaths };

const signed = z.object({
  'webhook-id': z.uuid().describe('The same whenever this event is sent: for the receiver to tell repeats'),
  'webhook-timestamp': z.string().describe('Of this attempt, seconds since 1970'),
  'webhook-signature': z
    .string()
    .describe('`v1,` and base64, one for each valid secret, separated by spaces'),
});

const told = (operationId: string, summary: string, payload: z.ZodType): ZodOpenApiPathItemObject => ({
  post: {
    operationId,
    ...WEBHOOKS,
    summary,
    description: 'Signed as Standard Webhooks says (https://www.standardwebhooks.com); see docs/webhooks.md.',
    requestParams: { header: signed },
    requestBody: { required: true, content: json(payload) },
    responses: {
      '2XX': { description: 'It has arrived' },
      '410': { description: 'Nothing is to be sent to this URL any more' },
      default: { description: 'It is tried again for about three days; Retry-After is obeyed' },
    },
  },
});

/** What callbacks are sent: the section `webhooks` of the document. */
export const webhooksSent: Record<string, ZodOpenApiPathItemObject> = {
  task: told('onTask', 'A task has ended', taskPayload),
  batch: told('onBatch', 'All tasks of a batch have ended', batchPayload),
};
