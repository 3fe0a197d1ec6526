import { processEnv, quotaEnv, readEnv, serverEnv } from '@offload/runtime/env';
import { startClock } from './start-clock.js';

await startClock(readEnv(process.env, { ...processEnv, ...serverEnv, ...quotaEnv }));
