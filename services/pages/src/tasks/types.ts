import { taskMethods } from '@offload/client';

/** Every type that may be submitted, as the client was generated; the system's own are met in lists. */
export const SUBMITTED_TYPES: readonly string[] = Object.values(taskMethods);
