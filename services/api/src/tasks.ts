import type { RequestHandler } from 'express';
import { answerTask, filesOf, waitFor, type TaskReads } from './answer-task.js';
import { createHandler, type CreateOptions } from './create-task.js';
import { findTask, noTask } from './find-task.js';
import { listHandler } from './list-tasks.js';
import { deleteManyHandler } from './operate-many.js';
import { deleteHandler, type OperateOptions } from './operate-task.js';
import { preferredWait } from './prefer.js';
import { readJson } from './read-json.js';
import type { Routes } from './routes.js';
import { wants } from './sparse-fields.js';

export function taskRoutes(options: CreateOptions & OperateOptions): Routes {
  return {
    '/v1/tasks': {
      get: [listHandler(options)],
      post: [readJson(), createHandler(options)],
      delete: [deleteManyHandler(options)],
    },
    '/v1/tasks/:id': { get: [readHandler(options)], delete: [deleteHandler(options)] },
  };
}

/** GET /v1/tasks/{id}. */
function readHandler(options: TaskReads): RequestHandler {
  return async (request, response) => {
    let task = await findTask(request, options);
    const seconds = preferredWait(request.get('prefer'));
    if (seconds > 0) task = (await waitFor(task._id, seconds, response, options.waits)) ?? noTask(task._id);
    answerTask(response, 200, task, wants(request, 'files') ? await filesOf(task, options) : []);
  };
}
