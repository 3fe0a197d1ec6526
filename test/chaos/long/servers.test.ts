import { prove } from '../../support/chaos-stage.js';
import {
  backlogDeleted,
  brokerGone,
  connectionsClosed,
  consumerTimeout,
  memoryAlarm,
  topologyLost,
} from '../scenarios/broker.js';
import { databaseKilled, repliesLost } from '../scenarios/database.js';

prove(brokerGone('SIGKILL', 2));
prove(brokerGone('SIGTERM', 1));
prove(connectionsClosed(3));
prove(topologyLost(1));
prove(backlogDeleted);
prove(memoryAlarm);
prove(consumerTimeout);
prove(databaseKilled(3));
prove(repliesLost(10));
