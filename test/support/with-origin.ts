import { afterEach, beforeEach } from '@jest/globals';
import { createOutbound, type OutboundOptions } from '@offload/outbound/create-outbound';
import type { Outbound } from '@offload/outbound/outbound';
import { startOrigin, type Origin } from './origin.js';

/** An origin of its own for each test of the file, and what may ask it; both are closed after the test. */
export function withOrigin(
  begin: (started: { origin: Origin; outbound: Outbound }) => void,
  options: OutboundOptions = {},
): void {
  let origin: Origin;
  let outbound: Outbound;
  beforeEach(async () => {
    origin = await startOrigin();
    outbound = createOutbound({ allow: ['loopback'], ...options });
    begin({ origin, outbound });
  });
  afterEach(async () => {
    await outbound.close();
    await origin.close();
  });
}
