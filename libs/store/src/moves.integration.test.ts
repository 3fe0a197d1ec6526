import { afterAll, beforeAll, expect, test } from '@jest/globals';
import mongoose from 'mongoose';
import { testDatabase } from '../../../test/support/database.js';
import { applied, matches, type Document } from './model/interpreter.js';
import { sampleDocument, sampleMoves, seeded } from './model/sample.js';
import type { Move } from './move.js';
import * as moves from './moves.js';

/**
 * The interleaving test reads the guard table with an interpreter of its own; here the real database reads the same
 * moves on the same documents, and both must agree on what matches and on what is left behind.
 */
const SEED = 20_261_124;
/** Documents for each form of each move. */
const EACH = 20;

const database = testDatabase('moves');
let connection: mongoose.Connection;

beforeAll(async () => {
  connection = await mongoose.createConnection(database.uri).asPromise();
});

afterAll(async () => {
  await connection.close();
  await database.remove();
});

/** States that a move's guard lets in. */
function statesOf({ guard }: Move): string[] {
  const { state } = guard as { state: string | { $in: string[] } };
  return typeof state === 'string' ? [state] : state.$in;
}

test('the model and the database agree on every move of the table, on hundreds of documents', async () => {
  const collection = connection.collection<{ _id: string }>('tasks');
  const random = seeded(SEED);
  const cases = Object.entries(sampleMoves(moves)).flatMap(([name, forms]) =>
    forms.flatMap((move) =>
      Array.from({ length: EACH }, (_, i) => {
        const states = statesOf(move);
        const document = sampleDocument(random, states[i % states.length]!);
        return { name, move, document };
      }),
    ),
  );
  // Each document under an id of its own, which the move's guard is then about.
  const own = cases.map(({ name, move, document }, i) => {
    const _id = `${name}-${i}`;
    return { name, document: { ...document, _id }, move: { ...move, guard: { ...move.guard, _id } } };
  });
  await collection.insertMany(own.map(({ document }) => document));

  let letIn = 0;
  for (const { name, document, move } of own) {
    const expected = matches(document, move.guard);
    const { matchedCount } = await collection.updateOne(move.guard, move.update);
    expect({ name, document, matched: matchedCount === 1 }).toEqual({ name, document, matched: expected });
    if (expected) letIn += 1;
  }
  const stored = await collection.find({}).toArray();
  const after = new Map(stored.map((document) => [document._id, document as unknown as Document]));
  for (const { document, move } of own) {
    const expected = matches(document, move.guard) ? applied(document, move.update) : document;
    expect(after.get(document._id)).toEqual(expected);
  }
  expect(own.length).toBeGreaterThan(400);
  expect(letIn).toBeGreaterThan(own.length / 10);
  expect(letIn).toBeLessThan((own.length * 9) / 10);
}, 60_000);

test('the model and the database agree on every move in each form at least once let in', async () => {
  const collection = connection.collection<{ _id: string }>('let-in');
  const random = seeded(SEED + 1);
  for (const [name, forms] of Object.entries(sampleMoves(moves))) {
    for (const move of forms) {
      const document = firstLetIn(move, random);
      await collection.replaceOne({ _id: 'task' }, document, { upsert: true });
      const { matchedCount } = await collection.updateOne(move.guard, move.update);
      expect({ name, matchedCount }).toEqual({ name, matchedCount: 1 });
      expect(await collection.findOne({ _id: 'task' })).toEqual(applied(document, move.update));
    }
  }
  expect.hasAssertions();
}, 60_000);

function firstLetIn(move: Move, random: () => number): Document {
  for (let tries = 0; tries < 10_000; tries += 1) {
    const document = sampleDocument(random, statesOf(move)[0]!);
    if (matches(document, move.guard)) return document;
  }
  throw new Error(`No sample document matches ${JSON.stringify(move.guard)}`);
}
