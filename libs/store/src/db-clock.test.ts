import { expect, test } from '@jest/globals';
import { createDbClock } from './db-clock.js';

test("the database's time counts, whatever this host's wall clock says, and goes on with the monotonic clock", async () => {
  let monotonic = 1_000;
  const database = new Date('2020-05-05T00:00:00Z');
  const clock = createDbClock(
    async () => {
      monotonic += 20;
      return database;
    },
    () => monotonic,
  );
  await clock.refresh();
  // Half the round trip has passed since the database read its clock.
  expect(clock.now()).toEqual(new Date(database.getTime() + 10));
  monotonic += 5_000;
  expect(clock.now()).toEqual(new Date(database.getTime() + 5_010));
});
