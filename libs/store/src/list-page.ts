import type { mongo } from 'mongoose';
import { ABOVE_EVERY_ID } from './new-task.js';

/** By id, which is by the time of creation: the newest first, or the oldest. */
export type Order = 'desc' | 'asc';

/** A part of a list that is sorted by id. */
export interface ListPage {
  order?: Order;
  /** The last id of the page before; absent for the first page. */
  from?: string;
  limit: number;
}

/** A bound is always given, also for the first page: so an index that ends with the id serves. */
export const idRange = ({ order, from }: Omit<ListPage, 'limit'>): { $gt: string } | { $lt: string } =>
  order === 'asc' ? { $gt: from ?? '' } : { $lt: from ?? ABOVE_EVERY_ID };

export const idSort = ({ order }: Omit<ListPage, 'limit'>): 1 | -1 => (order === 'asc' ? 1 : -1);

/** A page of the documents that fit, in its order. */
export const pageOf = <T extends { _id: string }>(
  collection: mongo.Collection<T>,
  filter: mongo.Filter<T>,
  page: ListPage,
): mongo.FindCursor<mongo.WithId<T>> =>
  collection
    .find({ ...filter, _id: idRange(page) } as mongo.Filter<T>)
    .sort({ _id: idSort(page) })
    .limit(page.limit);
