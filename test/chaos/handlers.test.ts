import { prove } from '../support/chaos-stage.js';
import { rogueHandlers } from './scenarios/handlers.js';

prove(rogueHandlers(1, 10));
