/** How many bytes of uploads an owner may have at the same time. */
export interface StorageQuota {
  /** Room for one upload of this owner; to be closed whatever becomes of it. */
  open(owner: string): StorageRoom;
}

export interface StorageRoom {
  /** Sets so many more bytes aside. Rejects with StorageFull when there is no room for them. */
  take(bytes: number): Promise<void>;
  /** @param stored bytes that the store has of it now; 0 when nothing was kept */
  close(stored: number): void;
}

/** There is no room for these bytes; when others of the owner have expired or were deleted, there may be. */
export class StorageFull extends Error {
  override readonly name = 'StorageFull';
  readonly code = 'storage-full';

  constructor(used: number, limit: number) {
    super(
      `Your uploads have ${used} of the ${limit} bytes that they may have together, with what is being sent. ` +
        'Delete some, or wait until some have expired.',
    );
  }
}

/** Milliseconds that a count is used for, together with what was stored since. */
const COUNT_MS = 30_000;
/** Before a refusal it is counted again, unless that was done within so many milliseconds. */
const RECOUNT_MS = 1_000;
const FORGET_MS = 300_000;

interface Owner {
  counted: { bytes: number; at: number } | undefined;
  counting: Promise<void> | undefined;
  /** That are not closed. */
  rooms: number;
  /** Of uploads that are coming in. */
  reserved: number;
  /** Of uploads that a count may not have seen. */
  stored: { at: number; bytes: number }[];
}

/**
 * Not counted for each upload: a count of the store is used for some time, plus what was stored here since, plus what is
 * coming in here. So with one process the quota is exceeded by nothing; with several, at most by what comes in at the
 * others at the same time, and what they stored within {@link COUNT_MS}.
 * @param options.count bytes of an owner's complete uploads
 */
export function createStorageQuota(options: {
  limit: number;
  count: (owner: string) => Promise<number>;
  monotonic?: () => number;
}): StorageQuota {
  const { limit, monotonic = () => performance.now() } = options;
  const owners = new Map<string, Owner>();

  const count = (name: string, owner: Owner): Promise<void> =>
    (owner.counting ??= (async () => {
      try {
        const at = monotonic();
        const bytes = await options.count(name);
        owner.counted = { bytes, at };
        owner.stored = owner.stored.filter((each) => each.at > at);
      } finally {
        owner.counting = undefined;
      }
    })());

  const used = ({ counted, reserved, stored }: Owner): number =>
    stored.reduce((sum, { bytes }) => sum + bytes, (counted?.bytes ?? 0) + reserved);
  const age = ({ counted }: Owner): number => monotonic() - (counted?.at ?? -Infinity);

  const forgetOthers = (name: string): void => {
    for (const [each, owner] of owners)
      if (each !== name && owner.rooms === 0 && age(owner) > FORGET_MS) owners.delete(each);
  };

  return {
    open(name) {
      forgetOthers(name);
      const owner = owners.get(name) ?? {
        counted: undefined,
        counting: undefined,
        rooms: 0,
        reserved: 0,
        stored: [],
      };
      owners.set(name, owner);
      owner.rooms += 1;
      let taken = 0;
      let closed = false;
      return {
        async take(bytes) {
          if (age(owner) > COUNT_MS) await count(name, owner);
          if (used(owner) + bytes > limit && age(owner) > RECOUNT_MS) await count(name, owner);
          if (used(owner) + bytes > limit) throw new StorageFull(used(owner), limit);
          // The upload may have ended while it was counted.
          if (closed) return;
          owner.reserved += bytes;
          taken += bytes;
        },
        close(stored) {
          if (closed) return;
          closed = true;
          owner.rooms -= 1;
          owner.reserved -= taken;
          if (stored > 0) owner.stored.push({ at: monotonic(), bytes: stored });
        },
      };
    },
  };
}
