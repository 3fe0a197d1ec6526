import { prove } from '../support/chaos-stage.js';
import { everythingKilled } from './scenarios/crashes.js';

prove(everythingKilled);
