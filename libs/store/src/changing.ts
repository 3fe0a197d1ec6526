/** An update that sets what has a value and removes what is undefined. */
export function changing(change: object): { $set?: object; $unset?: Record<string, ''> } {
  const fields = Object.entries(change);
  const set = fields.filter(([, value]) => value !== undefined);
  const unset = fields.filter(([, value]) => value === undefined).map(([field]) => [field, ''] as const);
  // Servers before 5.0 refuse an empty operator.
  return {
    ...(set.length > 0 && { $set: Object.fromEntries(set) }),
    ...(unset.length > 0 && { $unset: Object.fromEntries(unset) }),
  };
}
