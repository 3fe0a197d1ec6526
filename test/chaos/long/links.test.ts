import { prove } from '../../support/chaos-stage.js';
import { linksCut, linksHalfOpen } from '../scenarios/links.js';
import { apiDiesBeforeConfirm, apiDiesBeforePublish, deliveredTwice } from '../scenarios/submissions.js';

prove(linksCut(3_000));
// Longer than two heartbeats of the broker's (10 s): only then a half-open link is noticed.
prove(linksHalfOpen(['api-broker', 'clock-broker', 'worker-broker'], 30_000));
prove(linksHalfOpen(['api-database', 'clock-database', 'worker-database'], 30_000));
prove(linksHalfOpen(['worker-origin', 'worker-s3'], 10_000));
prove(apiDiesBeforePublish(3));
prove(apiDiesBeforeConfirm(3));
prove(deliveredTwice(300));
