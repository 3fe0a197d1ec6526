import { z } from 'zod';
import type { ZodOpenApiPathsObject, ZodOpenApiResponsesObject } from 'zod-openapi';
import { fileName } from '@offload/contracts/source';
import { upload } from './files.js';
import { bytes, headers, json, problemAnswers } from './openapi-answers.js';
import { taskId } from './openapi-tasks.js';

const fileHeaders = z.object({
  ETag: headers.etag,
  'Content-Length': z.string(),
  'Content-Disposition': z
    .string()
    .describe('inline for images, JSON and plain text; attachment for all else'),
});

const conditions = z.object({
  Range: z
    .string()
    .optional()
    .meta({ description: 'One range of bytes', examples: ['bytes=0-1023'] }),
  'If-None-Match': z.string().optional(),
  'If-Range': z.string().optional(),
});

const fileAnswers = (problemCode: 'task-not-found' | 'file-not-found'): ZodOpenApiResponsesObject => ({
  '200': { description: 'The bytes', headers: fileHeaders, content: bytes },
  '206': {
    description: 'The bytes of the range',
    headers: fileHeaders.extend({ 'Content-Range': z.string() }),
    content: bytes,
  },
  '304': { description: 'You have it already' },
  ...problemAnswers(...new Set([problemCode, 'file-not-found' as const]), 'range-not-satisfiable'),
});

export const filePaths: ZodOpenApiPathsObject = {
  '/v1/files': {
    post: {
      operationId: 'uploadFile',
      tags: ['Files'],
      summary: 'Uploads a file, to be the source of tasks',
      description:
        'Streamed: send a form with one file, or the bytes themselves as the body. Kept for 7 days. ' +
        'A body that is cut off or too large leaves nothing behind.',
      requestParams: {
        query: z.object({ name: z.string().optional().describe('File name of a body that is no form') }),
        header: z.object({
          'Content-Disposition': z
            .string()
            .optional()
            .meta({
              description: 'Another way to say the file name',
              examples: ['attachment; filename="photo.jpg"'],
            }),
        }),
      },
      requestBody: {
        required: true,
        content: {
          'multipart/form-data': {
            schema: {
              type: 'object',
              properties: { file: { type: 'string', contentMediaType: 'application/octet-stream' } },
              required: ['file'],
            },
          },
          ...bytes,
        },
      },
      responses: {
        '201': {
          description: 'Stored',
          headers: z.object({ Location: headers.location }),
          content: json(upload),
        },
        ...problemAnswers(
          'malformed-request',
          'cross-site',
          'too-large',
          'wrong-content-type',
          'invalid-file',
          'invalid-query',
          'request-timeout',
          'storage-full',
        ),
      },
    },
  },
  '/v1/files/{id}': {
    get: {
      operationId: 'getFile',
      tags: ['Files'],
      summary: 'Shows what is known of an upload',
      requestParams: { path: taskId },
      responses: {
        '200': { description: 'The upload', content: json(upload) },
        ...problemAnswers('file-not-found'),
      },
    },
    delete: {
      operationId: 'deleteFile',
      tags: ['Files'],
      summary: 'Removes an upload before its time',
      description: 'A task that names it and has not read it yet fails with `file-not-found`.',
      requestParams: { path: taskId },
      responses: { '204': { description: 'Removed' }, ...problemAnswers('file-not-found') },
    },
  },
  '/v1/files/{id}/content': {
    get: {
      operationId: 'getFileContent',
      tags: ['Files'],
      summary: 'Downloads an upload',
      requestParams: { path: taskId, header: conditions },
      responses: fileAnswers('file-not-found'),
    },
  },
  '/v1/tasks/{id}/files/{name}': {
    get: {
      operationId: 'getTaskFile',
      tags: ['Files'],
      summary: 'Downloads a file that a task made',
      description: 'There once the task has succeeded. It never changes, so it may be cached.',
      requestParams: { path: taskId.extend({ name: fileName }), header: conditions },
      responses: fileAnswers('task-not-found'),
    },
  },
};
