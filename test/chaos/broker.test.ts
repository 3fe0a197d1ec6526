import { prove } from '../support/chaos-stage.js';
import { connectionsClosed, topologyLost } from './scenarios/broker.js';

prove(connectionsClosed(1));
prove(topologyLost(1));
