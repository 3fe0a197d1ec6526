import { prove } from '../support/chaos-stage.js';
import { linksCut } from './scenarios/links.js';

prove(linksCut(500));
