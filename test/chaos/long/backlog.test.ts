import { prove } from '../../support/chaos-stage.js';
import { backlog } from '../scenarios/backlog.js';

prove(backlog(100_000, 300));
