import { proveBeside } from '../support/chaos-stage.js';
import { apiDiesBeforeConfirm, apiDiesBeforePublish, deliveredTwice } from './scenarios/submissions.js';

proveBeside(apiDiesBeforePublish(1), [apiDiesBeforeConfirm(1), deliveredTwice(60)]);
