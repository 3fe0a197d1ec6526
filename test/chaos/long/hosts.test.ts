import { prove } from '../../support/chaos-stage.js';
import { frozen, skewed } from '../scenarios/clocks.js';
import { rogueHandlers } from '../scenarios/handlers.js';

prove(frozen(60_000));
prove(skewed(20_000));
prove(rogueHandlers(2, 20));
