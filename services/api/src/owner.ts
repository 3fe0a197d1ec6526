import type { Request } from 'express';

/** Whose tasks and files a request sees. One owner until keys say which. */
export const ownerOf = (_request: Request): string => 'local';
