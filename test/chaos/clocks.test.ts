import { prove } from '../support/chaos-stage.js';
import { frozen, skewed } from './scenarios/clocks.js';

prove(frozen(18_000));
prove(skewed(5_000));
