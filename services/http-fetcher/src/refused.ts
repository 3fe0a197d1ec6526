import { TaskError } from '@offload/contracts/errors';

/** The answer is not what the task asked for, and will be no other the next time. */
export const refused = (code: string, message: string): TaskError =>
  new TaskError(code, message, { retry: 'no' });
