/** How hard one host may be asked, by all workers together. */
export interface HostLimits {
  /** Exchanges at once. As many may begin at once after a rest. */
  concurrency: number;
  /** Beginnings in a second, in the long run. */
  ratePerSecond: number;
}

/** What is known about one host. Times are the database's. */
export interface HostRecord {
  /** The host: a registrable domain, or `host:port`. */
  _id: string;
  /** Another with every write: the guard of the next. */
  rev: string;
  /** The theoretical arrival time of the next beginning (GCRA, ITU-T I.371). */
  next: Date;
  /** The first of those waiting that found no room in `turns` was told to come back before this. */
  beyond: Date;
  /** Nobody begins before: the host has asked for a pause. */
  notBefore: Date;
  /** Exchanges under way, each under a lease that its worker renews. */
  slots: { id: string; since: Date; until: Date }[];
  /** Who waits, in order. `told`: when it was told to come back; `at`: when its turn really is. */
  turns: { ticket: string; at: Date; told: Date }[];
  /** How long an exchange takes, a moving average in milliseconds. */
  heldMs: number;
  expireAt: Date;
}

export type HostRequest =
  | { kind: 'enter'; id: string; ticket: string }
  | { kind: 'again' }
  | { kind: 'renew'; id: string }
  | { kind: 'leave'; id: string }
  | { kind: 'hold'; ms: number };

/** How long a slot lasts when its worker is silent, in milliseconds. */
export const SLOT_LEASE_MS = 30_000;
/** No host holds itself back for longer on one word, in milliseconds; the task that heard it may wait longer. */
export const LONGEST_HOLD_MS = 3_600_000;
/** Who is due has a place kept so long, in milliseconds: longer than a snoozed task needs to come back. */
const KEPT_PLACE_MS = 5_000;
/** A turn that is not taken is a cancelled task's, or that of one in a long queue; in milliseconds. */
const TURN_KEPT_MS = 15 * 60_000;
/** A longer line would make every write of the record slow; who does not fit comes back and asks again. */
const MOST_TURNS = 1_000;
/** What the relay takes for a turn's time and what a worker does differ by their round trips to the database. */
const EARLY_MS = 250;
/** A host's record outlives its last use by so long, in milliseconds. */
const RECORD_KEPT_MS = 10 * 60_000;
const LONGEST_GUESS_MS = 5_000;
/** On average one of those who wait for a slot comes back in so long, in milliseconds. */
const IN_VAIN_MS = 100;
/** Share of the newest exchange in the average. */
const NEWEST_SHARE = 0.3;

export function newHost(host: string, now: Date): HostRecord {
  return {
    _id: host,
    rev: '',
    next: now,
    beyond: now,
    notBefore: now,
    slots: [],
    turns: [],
    heldMs: 0,
    expireAt: now,
  };
}

/**
 * Carries a request out on the record (which it changes) and answers the time of the turn when an `enter` has to
 * wait, else null. The rate is kept by GCRA with a burst of `concurrency`; who waits has taken its beginning out of
 * the rate already, so that it is let in at its turn as soon as there is a slot, and before everybody who came later.
 */
export function apply(record: HostRecord, request: HostRequest, limits: HostLimits, now: Date): Date | null {
  prune(record, now);
  const until = carryOut(record, request, limits, now);
  const last = [now, record.notBefore, record.beyond, ...record.turns.map(({ at }) => at)];
  last.push(...record.slots.map((slot) => slot.until));
  record.expireAt = plus(latest(...last), RECORD_KEPT_MS);
  return until;
}

function carryOut(record: HostRecord, request: HostRequest, limits: HostLimits, now: Date): Date | null {
  switch (request.kind) {
    case 'enter':
      return enter(record, request, limits, now);
    case 'again':
      record.next = plus(latest(record.next, now), paceMs(limits));
      return null;
    case 'renew':
      renew(record, request.id, now);
      return null;
    case 'leave':
      leave(record, request.id, now);
      return null;
    case 'hold':
      holdBack(record, plus(now, Math.min(request.ms, LONGEST_HOLD_MS)), limits);
      return null;
  }
}

function enter(
  record: HostRecord,
  { id, ticket }: { id: string; ticket: string },
  limits: HostLimits,
  now: Date,
): Date | null {
  const slot = { id, since: now, until: plus(now, SLOT_LEASE_MS) };
  const place = record.turns.findIndex((turn) => turn.ticket === ticket && turn.told <= plus(now, EARLY_MS));
  const own = record.turns[place];
  if (own) {
    if (own.at <= plus(now, EARLY_MS)) {
      if (record.slots.length < limits.concurrency) {
        record.turns.splice(place, 1);
        record.slots.push(slot);
        return null;
      }
      // What holds the slots now may be slower than what did before.
      const ages = record.slots.map(({ since }) => now.getTime() - since.getTime());
      // In the order of the line, and no two at the same time.
      own.at = plus(now, waitMs(record, limits, place, Math.max(record.heldMs, ...ages)) + place);
    }
    return (own.told = own.at);
  }
  const due = record.turns.filter(({ at }) => at <= now && at > plus(now, -KEPT_PLACE_MS)).length;
  const full = record.slots.length + due >= limits.concurrency;
  const start = latest(plus(record.next, -burstMs(limits)), record.notBefore);
  if (!full && start <= now) {
    record.next = plus(latest(record.next, now), paceMs(limits));
    record.slots.push(slot);
    return null;
  }
  const wait = full ? waitMs(record, limits, record.turns.length, record.heldMs) : 0;
  return reserve(record, ticket, latest(start, plus(now, wait)), limits);
}

/** A turn of its own at `at` or later; nobody else has the same. */
function reserve(record: HostRecord, ticket: string, at: Date, limits: HostLimits): Date {
  if (record.turns.length >= MOST_TURNS) {
    const turn = latest(at, record.beyond);
    record.beyond = plus(turn, paceMs(limits));
    return turn;
  }
  record.turns.push({ ticket, at, told: at });
  record.next = latest(record.next, plus(at, burstMs(limits) + paceMs(limits)));
  return at;
}

/** Moves all who wait behind `until`, in their order and a pace apart: nobody comes back in a herd. */
function holdBack(record: HostRecord, until: Date, limits: HostLimits): void {
  if (until <= record.notBefore) return;
  record.notBefore = until;
  let free = until;
  for (const turn of record.turns) {
    turn.at = latest(turn.at, free);
    free = plus(turn.at, paceMs(limits));
  }
  record.next = latest(record.next, plus(free, burstMs(limits)));
}

function renew(record: HostRecord, id: string, now: Date): void {
  const slot = record.slots.find((each) => each.id === id);
  if (slot) slot.until = plus(now, SLOT_LEASE_MS);
  else record.slots.push({ id, since: now, until: plus(now, SLOT_LEASE_MS) });
}

function leave(record: HostRecord, id: string, now: Date): void {
  const slot = record.slots.find((each) => each.id === id);
  if (!slot) return;
  const held = now.getTime() - slot.since.getTime();
  record.heldMs = record.heldMs === 0 ? held : record.heldMs + NEWEST_SHARE * (held - record.heldMs);
  record.slots = record.slots.filter((each) => each !== slot);
}

function prune(record: HostRecord, now: Date): void {
  record.slots = record.slots.filter(({ until }) => until > now);
  record.turns = record.turns.filter(({ at }) => plus(at, TURN_KEPT_MS) > now);
}

/**
 * How long until there is a slot for the one at this place of the line, when an exchange takes `heldMs`. It is a guess,
 * and nobody can be called back earlier: so it is never long, but longer in a long line, which bounds how many come in vain.
 */
function waitMs(record: HostRecord, limits: HostLimits, place: number, heldMs: number): number {
  const guess = (place + 1) * Math.max(paceMs(limits), heldMs / limits.concurrency);
  const longest = Math.max(LONGEST_GUESS_MS, record.turns.length * IN_VAIN_MS);
  return Math.min(guess, longest);
}

/** Milliseconds between two beginnings. Times have whole milliseconds, and no two turns may be the same. */
const paceMs = ({ ratePerSecond }: HostLimits): number => Math.max(1, 1_000 / ratePerSecond);

const burstMs = (limits: HostLimits): number => (limits.concurrency - 1) * paceMs(limits);

const plus = (time: Date, ms: number): Date => new Date(Math.round(time.getTime() + ms));

const latest = (...times: Date[]): Date => new Date(Math.max(...times.map((time) => time.getTime())));
