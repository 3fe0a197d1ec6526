import { prove } from '../../support/chaos-stage.js';
import { everythingKilled } from '../scenarios/crashes.js';
import { killedWorkers, rollingRestarts, stoppedAtEveryStep, takenOver } from '../scenarios/workers.js';

prove(everythingKilled);
prove(takenOver);
prove(killedWorkers(10));
prove(stoppedAtEveryStep(3));
prove(rollingRestarts(20, { everyMs: 30, workMs: 1_000 }));
