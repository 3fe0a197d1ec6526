import { proveBeside } from '../support/chaos-stage.js';
import { connectionsClosed, topologyLost } from './scenarios/broker.js';
import { frozen, skewed } from './scenarios/clocks.js';

// What was lost with a queue is found again after a minute; the others have the time to play meanwhile.
proveBeside(topologyLost(1), [connectionsClosed(1), frozen(18_000), skewed(5_000)]);
