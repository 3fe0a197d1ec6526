import { expect, test } from '@jest/globals';
import { NotPublished, type PublishOutcome } from '@offload/broker/publish';
import type { TaskMessage } from '@offload/contracts/task';
import { RecordedLog } from '../../../test/support/recorded-log.js';
import { echoTask } from '../../../test/support/store-fixture.js';
import { createSubmitter } from './submit-task.js';

type Publish = (message: TaskMessage) => Promise<PublishOutcome>;

/** A submitter over a broker that answers as told; what it published and confirmed. */
function withBroker(publish: Publish, confirmed: () => Promise<void> = async () => {}) {
  const published: TaskMessage[] = [];
  const confirms: Pick<TaskMessage, 'task' | 'seq'>[] = [];
  const accepted: string[] = [];
  const log = new RecordedLog();
  const submitter = createSubmitter({
    publisher: {
      publish: (message) => {
        published.push(message);
        return publish(message);
      },
    },
    tasks: {
      confirmed: (message) => {
        confirms.push(message);
        return confirmed();
      },
    },
    accepted: (each) => void accepted.push(each._id),
    log,
  });
  return { submitter, published, confirms, accepted, log };
}

const task = () => ({ ...echoTask(new Date()), seq: 3 });

test('a confirmed publication is written down, under the seq that was published', async () => {
  const { submitter, published, confirms, accepted } = withBroker(async () => 'confirmed');
  const one = task();
  submitter.submit(one);
  expect(accepted).toEqual([one._id]);
  await submitter.settled();
  expect(published).toMatchObject([
    {
      task: one._id,
      type: 'system.echo',
      queue: 'system.echo',
      lane: 'interactive',
      owner: 'local',
      seq: 3,
      version: 1,
      input: one.input,
    },
  ]);
  expect(confirms).toMatchObject([{ task: one._id, seq: 3 }]);
});

test.each(['returned', 'refused'] as const)('one that was %s is left to the relay', async (outcome) => {
  const { submitter, published, confirms } = withBroker(async () => outcome);
  submitter.submit(task());
  await submitter.settled();
  expect(published).toHaveLength(1);
  expect(confirms).toEqual([]);
});

test('without a broker nothing is thrown, and the log is not filled (P1: the relay has it)', async () => {
  const { submitter, confirms, log } = withBroker(async () =>
    Promise.reject(new NotPublished('disconnected')),
  );
  submitter.submit(task());
  await submitter.settled();
  expect(confirms).toEqual([]);
  expect(log.text).not.toMatch(/^(warn|error)/m);
});

test('a confirm that cannot be written down is said and left to the relay', async () => {
  const { submitter, log } = withBroker(
    async () => 'confirmed',
    async () => Promise.reject(new Error('database away')),
  );
  submitter.submit(task());
  await submitter.settled();
  expect(log.text).toMatch(/warn .*relay/);
});

test('a blocked task is not published', async () => {
  const { submitter, published } = withBroker(async () => 'confirmed');
  submitter.submit({ ...task(), state: 'blocked' });
  await submitter.settled();
  expect(published).toEqual([]);
});

test('P2: submitting does not wait for the broker', () => {
  const { submitter, published } = withBroker(() => new Promise(() => {}));
  expect(submitter.submit(task())).toBeUndefined();
  expect(published).toHaveLength(1);
});
