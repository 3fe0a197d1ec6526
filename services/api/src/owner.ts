import type { Request } from 'express';
import { authOf } from './authenticate.js';

/** Whose tasks and files a request sees: every query names it. */
export const ownerOf = (request: Request): string => authOf(request).owner;
