import { z } from 'zod';
import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { json, problemAnswers } from './openapi-answers.js';
import { worker } from './workers.js';

export const workerPaths: ZodOpenApiPathsObject = {
  '/v1/workers': {
    get: {
      operationId: 'listWorkers',
      tags: ['Operations'],
      summary: 'Shows every process that is alive, with its version and load',
      description:
        'Each process shows itself every 5 s. One that was killed is silent after 12 s and gone from the list after ' +
        'five minutes; one that was stopped in order is gone at once.',
      responses: {
        '200': {
          description: 'By process type, the oldest first',
          content: json(z.object({ items: z.array(worker) })),
        },
        ...problemAnswers(),
      },
    },
  },
};
