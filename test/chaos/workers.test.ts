import { prove } from '../support/chaos-stage.js';
import { killedWorkers, stoppedAtEveryStep, takenOver } from './scenarios/workers.js';

prove(takenOver);
prove(killedWorkers(3));
prove(stoppedAtEveryStep(1));
