/**
 * Who asks for the same while a call is under way gets that call's outcome: the dear questions of several people who
 * watch the same page cost as much as one person's.
 */
export function shareCalls<T>(): (key: string, call: () => Promise<T>) => Promise<T> {
  const underWay = new Map<string, Promise<T>>();
  return (key, call) => {
    const there = underWay.get(key);
    if (there) return there;
    const calling = call().finally(() => underWay.delete(key));
    underWay.set(key, calling);
    return calling;
  };
}
