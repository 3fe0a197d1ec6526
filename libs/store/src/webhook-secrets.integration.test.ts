import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { storeFixture, type StoreFixture } from '../../../test/support/store-fixture.js';
import type { Store } from './open-store.js';
import { createSeal, SealBroken } from './webhook-seal.js';
import { createWebhookSecretStore } from './webhook-secrets.js';

let fixture: StoreFixture;
let store: Store;
beforeAll(async () => {
  fixture = await storeFixture('webhook-secrets');
  store = fixture.store;
});
afterAll(() => fixture.remove());

describe('a secret', () => {
  const secrets = (key?: string) =>
    createWebhookSecretStore(store.connection, createSeal(store.connection, key));

  test('signs beside its successor until its time is over, and is not readable in the database', async () => {
    const made = await secrets().create('ann', 'default');
    if (typeof made === 'string') throw new Error(made);
    expect(made.secret).toMatch(/^whsec_[\w+/]{43}=$/);
    expect(await secrets().create('ann', 'default')).toBe('name-taken');
    const soon = new Date(store.tasks.now().getTime() + 60_000);
    const rotated = await secrets().rotate('ann', made.record._id, soon);
    expect(await secrets().valuesOf('ann', 'default')).toEqual([rotated?.secret, made.secret]);
    const last = await secrets().rotate('ann', made.record._id, store.tasks.now());
    expect(await secrets().valuesOf('ann', 'default')).toEqual([last?.secret]);
    const stored = await store.connection.mongo.collection('webhookSecrets').find({}).toArray();
    expect(JSON.stringify(stored)).not.toContain(made.secret.slice('whsec_'.length, -1));
    expect(await secrets().valuesOf('bob', 'default')).toEqual([]);
    expect(await secrets().rotate('bob', made.record._id, soon)).toBeNull();
    expect(await secrets().remove('bob', made.record._id)).toBe(false);
    expect(await secrets().remove('ann', made.record._id)).toBe(true);
  });

  test('keeps each value of rotations at the same moment, five at most', async () => {
    const made = await secrets().create('carl', 'default');
    if (typeof made === 'string') throw new Error(made);
    const later = new Date(store.tasks.now().getTime() + 60_000);
    const rotate = () => secrets().rotate('carl', made.record._id, later);
    const two = await Promise.all([rotate(), rotate()]);
    const values = await secrets().valuesOf('carl', 'default');
    expect(values.sort()).toEqual([made.secret, ...two.map((each) => each?.secret)].sort());
    for (let n = 0; n < 4; n++) await rotate();
    expect(await secrets().valuesOf('carl', 'default')).toHaveLength(5);
  });

  test('that was sealed with a key is opened with that key alone', async () => {
    const [key, other] = ['k'.repeat(32), 'o'.repeat(32)] as const;
    const made = await secrets(key).create('dora', 'default');
    if (typeof made === 'string') throw new Error(made);
    expect(await secrets(key).valuesOf('dora', 'default')).toEqual([made.secret]);
    await expect(secrets(other).valuesOf('dora', 'default')).rejects.toThrow(SealBroken);
    await expect(secrets().valuesOf('dora', 'default')).rejects.toThrow('WEBHOOK_KEY');
    // One from before there was a key.
    const old = await secrets().create('dora', 'old');
    if (typeof old === 'string') throw new Error(old);
    expect(await secrets(key).valuesOf('dora', 'old')).toEqual([old.secret]);
  });
});
