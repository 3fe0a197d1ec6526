import type { mongo } from 'mongoose';

/**
 * Deletes the one document that fits; answers whether it was there. Not with the driver's deleteOne: on the local default
 * one that meets an update of the same moment deletes nothing.
 */
export const deleteDocument = async <T extends { _id: string }>(
  collection: mongo.Collection<T>,
  filter: mongo.Filter<T>,
): Promise<boolean> => (await collection.deleteMany(filter)).deletedCount > 0;
