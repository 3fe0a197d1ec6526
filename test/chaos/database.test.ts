import { prove } from '../support/chaos-stage.js';
import { databaseKilled, repliesLost } from './scenarios/database.js';

prove(databaseKilled(1));
prove(repliesLost(2));
