import { TaskError } from '@offload/contracts/errors';

/** What went wrong with a request to the outside; see createOutbound for the codes. */
export class OutboundError extends TaskError {
  /**
   * false: certainly nothing of the request has reached any origin, so that it may be made again whatever its method
   * is. true: it may have been received, and acted on.
   */
  sent = false;
}
