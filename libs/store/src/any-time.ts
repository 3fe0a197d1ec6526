/**
 * Any time at all. The local default takes a partial index only if the query has a condition on the index's first field
 * (docs/decisions/0071): where that is a time that all of its documents have, this is the condition.
 */
export const ANY_TIME = { $gt: new Date(0) };
