import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { json, problemAnswers } from './openapi-answers.js';
import { stats, statsQuery } from './stats.js';

export const statsPaths: ZodOpenApiPathsObject = {
  '/v1/stats': {
    get: {
      operationId: 'getStats',
      tags: ['Operations'],
      summary: 'Shows what happened to tasks over time, and what is open now',
      description:
        'Of all owners, kept for two days. Every process counts what it does and writes it down every 5 s, so the last ' +
        'seconds may be missing; what a process had not written when it was killed stays missing.',
      requestParams: { query: statsQuery },
      responses: {
        '200': { description: 'By type and lane', content: json(stats) },
        ...problemAnswers('invalid-query'),
      },
    },
  },
};
