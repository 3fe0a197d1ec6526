/** How many tasks of one owner may be open (not ended) at the same time. */
export interface Quota {
  /**
   * Lets in so many tasks of an owner that are made or run again, all or none. Rejects with QuotaExceeded when they
   * would be too many. Nothing has to be given back when they are not stored after all: the next count knows.
   */
  admit(owner: string, count: number): Promise<void>;
}

/** There is no room for these tasks; when others of the owner have ended, there may be. */
export class QuotaExceeded extends Error {
  override readonly name = 'QuotaExceeded';
  readonly code = 'quota-exceeded';

  constructor(open: number, wanted: number, limit: number) {
    const room = `there is no room for ${wanted} more. Wait until some have ended, or cancel some.`;
    super(`You have ${open} open tasks and may have ${limit}; ${room}`);
  }
}

/** Milliseconds that a count is used for, together with what was let in since. */
const COUNT_MS = 5_000;
/** At most one part in so many of the time is spent on counting, however long a count takes. */
const COUNT_SHARE = 50;
/** Before a refusal it is counted again, unless that was done within so many milliseconds. */
const RECOUNT_MS = 1_000;
/** What was let in so shortly before a count may not have been stored by then: it is added to the count. */
const ON_ITS_WAY_MS = 1_000;
const FORGET_MS = 60_000;

interface Owner {
  /** As the store said, when, and how long that took. */
  counted: { tasks: number; at: number; tookMs: number } | undefined;
  counting: Promise<void> | undefined;
  admitted: { at: number; count: number }[];
}

/**
 * Not counted for each request: a count of the store is used for some seconds, plus what was let in here since. So
 * with one process the quota is exceeded by nothing; with several, at most by what the others let in within
 * {@link COUNT_MS}. Ended tasks make room once they are counted.
 * @param options.countOpen counts an owner's open tasks, up to `most`
 */
export function createQuota(options: {
  limit: number;
  countOpen: (owner: string, most: number) => Promise<number>;
  monotonic?: () => number;
}): Quota {
  const { limit, countOpen, monotonic = () => performance.now() } = options;
  const owners = new Map<string, Owner>();

  const count = (name: string, owner: Owner): Promise<void> =>
    (owner.counting ??= (async () => {
      try {
        const at = monotonic();
        const tasks = await countOpen(name, limit);
        owner.counted = { tasks, at, tookMs: monotonic() - at };
        owner.admitted = owner.admitted.filter((each) => each.at > at - ON_ITS_WAY_MS);
      } finally {
        owner.counting = undefined;
      }
    })());

  const estimate = ({ counted, admitted }: Owner): number =>
    admitted.reduce((sum, each) => sum + each.count, counted?.tasks ?? 0);

  let forgotAt = monotonic();
  const forgetOthers = (name: string): void => {
    const now = monotonic();
    // Not for each request: there may be ten thousand owners.
    if (now - forgotAt < FORGET_MS / 6) return;
    forgotAt = now;
    for (const [each, { counted }] of owners)
      if (each !== name && counted && now - counted.at > FORGET_MS) owners.delete(each);
  };

  const ownerOf = (name: string): Owner => {
    forgetOthers(name);
    const owner = owners.get(name) ?? { counted: undefined, counting: undefined, admitted: [] };
    owners.set(name, owner);
    return owner;
  };

  return {
    async admit(name, wanted) {
      const owner = ownerOf(name);
      if (!owner.counted) await count(name, owner);
      const age = () => monotonic() - (owner.counted?.at ?? -Infinity);
      if (estimate(owner) + wanted > limit && age() > RECOUNT_MS) await count(name, owner);
      const open = estimate(owner);
      if (open + wanted > limit) throw new QuotaExceeded(open, wanted, limit);
      note(owner, monotonic(), wanted);
      // Behind the request's back; without an answer the old count stands and the next request asks again.
      if (age() > Math.max(COUNT_MS, (owner.counted?.tookMs ?? 0) * COUNT_SHARE))
        count(name, owner).catch(() => undefined);
    },
  };
}

/** A tenth of a second of requests is one entry, so that the list stays short. */
function note({ admitted }: Owner, now: number, count: number): void {
  const last = admitted.at(-1);
  if (last && now - last.at < 100) last.count += count;
  else admitted.push({ at: now, count });
}
