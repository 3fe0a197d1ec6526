import type { TaskContract } from './define-task.js';
import { feedFetch } from './feed-fetch.js';
import { feedRefresh } from './feed-refresh.js';
import { httpFetch } from './http-fetch.js';
import { imageResize } from './image-resize.js';
import { s3Upload } from './s3-upload.js';
import { systemEcho } from './system-echo.js';
import { webhookSend } from './webhook-send.js';

/** Every task type, one line each. All that lists types is made from this. */
export const contracts: readonly TaskContract[] = [
  systemEcho,
  feedFetch,
  feedRefresh,
  httpFetch,
  imageResize,
  s3Upload,
  webhookSend,
];

/** The contract of a type, or undefined for an unknown one. */
export function contractOf(type: string): TaskContract | undefined {
  return contracts.find((contract) => contract.type === type);
}

/** Those that clients may submit; the others the system makes itself. */
export const clientContracts: readonly TaskContract[] = contracts.filter(({ internal }) => !internal);

export function clientContractOf(type: string): TaskContract | undefined {
  return clientContracts.find((contract) => contract.type === type);
}
