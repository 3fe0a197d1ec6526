import type { Result } from '@offload/contracts/define-task';
import { Snooze, TaskError } from '@offload/contracts/errors';
import type { TaskFailure } from '@offload/contracts/task';
import type { webhookSend } from '@offload/contracts/webhook-send';
import type { Outbound } from '@offload/outbound/outbound';
import type { Store } from '@offload/store/open-store';
import type { WebhookDelivery } from '@offload/store/webhook-record';
import { SealBroken } from '@offload/store/webhook-seal';
import type { WebhookSecretStore } from '@offload/store/webhook-secrets';
import type { Handler } from '@offload/worker/handler';
import { nextTry } from './retry-schedule.js';
import { GONE, sendDelivery, type Sent } from './send-delivery.js';

export interface WebhookOptions {
  outbound: Pick<Outbound, 'fetch'>;
  webhooks: Pick<Store['webhooks'], 'toSend' | 'note' | 'disabledEndpoint' | 'disableEndpoint' | 'now'>;
  secrets: Pick<WebhookSecretStore, 'valuesOf'>;
  /** 0 to 1, for the jitter; given in tests. */
  random?: () => number;
  /** Milliseconds between attempts; given in tests. */
  schedule?: readonly number[];
}

type Outcome = Result<typeof webhookSend>;

/** A task that comes a little early has come at its time: two processes' readings of the database's clock differ. */
const EARLY_MS = 2_000;

/**
 * webhook.send: one attempt at a delivery, whose log tells what came of it. In vain, the task is retried at the
 * delivery's next time, and fails with the last one: with the receiver's `http-<status>`, a code of libs/outbound, or
 * `webhook-secret-sealed`.
 */
export function createWebhookHandler(options: WebhookOptions): Handler<typeof webhookSend> {
  const { outbound, webhooks, secrets } = options;
  return async ({ delivery: id }, { taskId, signal }) => {
    const delivery = await webhooks.toSend(id, taskId);
    if (!delivery) return { outcome: 'superseded', status: null };
    const now = webhooks.now();
    // The attempt before was noted, and its worker died before it said when the next one is.
    if (delivery.nextAt && delivery.nextAt.getTime() > now.getTime() + EARLY_MS)
      throw new Snooze('not-yet', 'Its next attempt is later.', delivery.nextAt);
    const disabled = await webhooks.disabledEndpoint(delivery.endpoint);
    if (disabled) return notSent(delivery, ENDPOINT_DISABLED, options);
    const values = await valuesOf(delivery, secrets);
    if (values instanceof SealBroken) throw await again(delivery, sealed(delivery, values, now), options);
    if (values.length === 0) return notSent(delivery, noSecret(delivery), options);
    const sent = await sendDelivery(delivery, { outbound, secrets: values, now, signal });
    const { status, error } = sent.attempt;
    if (error) throw await again(delivery, sent, options);
    await webhooks.note(delivery, { state: 'delivered' }, sent.attempt);
    return { outcome: 'delivered', status };
  };
}

/** What signs it, or why that cannot be read here. */
async function valuesOf(
  { owner, secretName }: WebhookDelivery,
  secrets: WebhookOptions['secrets'],
): Promise<string[] | SealBroken> {
  try {
    return await secrets.valuesOf(owner, secretName);
  } catch (error) {
    if (error instanceof SealBroken) return error;
    throw error;
  }
}

const ENDPOINT_DISABLED: TaskFailure = {
  code: 'endpoint-disabled',
  message: 'The URL answered 410 (Gone) and is not sent anything until it is enabled again.',
};

const noSecret = ({ secretName }: WebhookDelivery): TaskFailure => ({
  code: 'no-secret',
  message: `There is no webhook secret named ${secretName} any more to sign it with.`,
});

async function notSent(
  delivery: WebhookDelivery,
  error: TaskFailure,
  { webhooks }: WebhookOptions,
): Promise<Outcome> {
  await webhooks.note(delivery, { state: 'not-sent', error });
  return { outcome: 'not-sent', status: null };
}

/** The operator's to repair; an attempt like any other, so that it is tried again. */
const sealed = ({ run }: WebhookDelivery, { message }: SealBroken, now: Date): Sent => ({
  attempt: {
    at: now,
    run,
    ms: 0,
    status: null,
    error: { code: 'webhook-secret-sealed', message: `The secret cannot be used. ${message}` },
    answer: null,
  },
  hopeless: false,
  retryAfterMs: null,
});

/** Notes an attempt in vain. Answers the error that has the task retried at the next time, or end. */
async function again(
  delivery: WebhookDelivery,
  { attempt, hopeless, retryAfterMs }: Sent,
  { webhooks, random = Math.random, schedule }: WebhookOptions,
): Promise<TaskError> {
  const error = attempt.error!;
  const now = webhooks.now();
  const nextAt = hopeless
    ? null
    : nextTry(delivery.tried + 1, retryAfterMs, now, { random: random(), schedule });
  if (attempt.status === GONE) await webhooks.disableEndpoint(delivery, error);
  await webhooks.note(delivery, nextAt ? { nextAt, error } : { state: 'failed', error }, attempt);
  return new TaskError(error.code, error.message, { retry: nextAt ?? 'no' });
}
