import type { StoreConnection } from './connect.js';
import { storeFailure } from './store-failure.js';

/** What operators have said about a task type; a type that nothing was said of has none. */
export interface TypeRecord {
  /** The type. */
  _id: string;
  paused: boolean;
  changedAt: Date;
}

export interface TypeStore {
  isPaused(type: string): Promise<boolean>;
  all(): Promise<TypeRecord[]>;
  /** Idempotent; answers what stands then. */
  setPaused(type: string, paused: boolean): Promise<TypeRecord>;
}

/** Types are few, so their collection needs no index. */
export function createTypeStore({ mongo, clock }: StoreConnection): TypeStore {
  const collection = () => mongo.collection<TypeRecord>('types');
  return {
    isPaused: async (type) => (await collection().findOne({ _id: type }))?.paused ?? false,
    all: () => collection().find().toArray(),
    async setPaused(type, paused) {
      const changedAt = clock.now();
      try {
        await collection().updateOne(
          { _id: type, paused: { $ne: paused } },
          { $set: { paused, changedAt } },
          { upsert: true },
        );
      } catch (error) {
        // It stands as it was asked for already, so the filter missed it, or another call has just made it.
        if (storeFailure(error) !== 'duplicate') throw error;
      }
      return (await collection().findOne({ _id: type })) ?? { _id: type, paused, changedAt };
    },
  };
}
