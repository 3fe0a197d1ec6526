import { z } from 'zod';
import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { apiKey, createdKey, newKey, ownerName, rotation } from './keys.js';
import {
  body,
  headers,
  json,
  bodyProblems,
  pageAnswers,
  pageParams,
  problemAnswers,
} from './openapi-answers.js';

const KEYS = { tags: ['Keys'] };
const path = z.object({ id: z.uuid() });

const made = {
  '201': {
    description: 'The key, shown this once',
    headers: z.object({ Location: headers.location }),
    content: json(createdKey),
  },
};

export const keyPaths: ZodOpenApiPathsObject = {
  '/v1/keys': {
    get: {
      operationId: 'listKeys',
      ...KEYS,
      summary: 'Lists keys, the newest first',
      requestParams: {
        query: z.object({
          owner: ownerName.optional(),
          ...pageParams,
        }),
      },
      responses: pageAnswers(apiKey),
    },
    post: {
      operationId: 'createKey',
      ...KEYS,
      summary: 'Makes a key',
      ...body(newKey),
      responses: { ...made, ...problemAnswers(...bodyProblems) },
    },
  },
  '/v1/keys/{id}': {
    get: {
      operationId: 'getKey',
      ...KEYS,
      summary: 'Shows a key, without the key itself',
      requestParams: { path },
      responses: { '200': { description: 'It', content: json(apiKey) }, ...problemAnswers('key-not-found') },
    },
    delete: {
      operationId: 'deleteKey',
      ...KEYS,
      summary: 'Revokes a key; it works nowhere any more after five seconds',
      requestParams: { path },
      responses: {
        '204': { description: 'It is revoked' },
        ...problemAnswers('cross-site', 'key-not-found'),
      },
    },
  },
  '/v1/keys/{id}/rotate': {
    post: {
      operationId: 'rotateKey',
      ...KEYS,
      summary: 'Makes a key that replaces another one, which stays valid for a while',
      requestParams: { path },
      ...body(rotation, false),
      responses: { ...made, ...problemAnswers(...bodyProblems, 'key-not-found') },
    },
  },
};
