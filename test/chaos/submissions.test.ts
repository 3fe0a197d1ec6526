import { prove } from '../support/chaos-stage.js';
import { apiDiesBeforeConfirm, apiDiesBeforePublish, deliveredTwice } from './scenarios/submissions.js';

prove(apiDiesBeforePublish(1));
prove(apiDiesBeforeConfirm(1));
prove(deliveredTwice(60));
