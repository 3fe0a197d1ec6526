import type * as moves from '../moves.js';
import type { Move } from '../move.js';
import type { Holder } from '../moves.js';
import type { TaskRecord } from '../task-record.js';

/** The guard table, or a mutation of it. */
export type Table = typeof moves;

/** The moves of one task; those between a parent and its dependent have a model of their own. */
export type MoveName = Exclude<
  keyof Table,
  'parentsDone' | 'release' | 'releaseAtOnce' | 'failDependent' | 'requeueBlocked' | 'clearEffects'
>;

/** The fields of the stored task that its moves read or write. */
export type Task = Omit<
  TaskRecord,
  'type' | 'version' | 'lane' | 'queue' | 'owner' | 'input' | 'createdAt' | 'keepMs' | 'timeoutMs' | 'result'
> & { result?: { by: string } };

export interface Message {
  seq: number;
  redelivered: boolean;
}

/** What someone read of a holder, to come back later and see whether its beat stood still. */
export interface Watched extends Holder {
  /** Whether the holder's attempt is the last one. */
  last: boolean;
}

export type Outcome = 'finish' | 'fail' | 'retry' | 'snooze' | 'hand-back';

/** One delivery in the hands of a worker process, step by step. */
export interface Worker {
  at: 'idle' | 'delivered' | 'looking' | 'watching' | 'working' | 'settling' | 'unsure' | 'acking';
  message: Message;
  /** Whether the channel that delivered the message still is open; without it the broker has the message again. */
  channel: boolean;
  /** Of the lease that it holds or tries to get: random for each call. */
  token: string;
  /** The tokens of all this delivery's calls: one of them may have been let in though its reply was lost. */
  sent: string[];
  frozen: boolean;
  /** Whether this attempt is the last one. */
  last: boolean;
  /** Whether a hand-back of this attempt would count. */
  counted: boolean;
  outcome?: Outcome;
  watched?: Watched;
  /** Observer's knowledge, not the worker's: its outcome was stored; somebody else ended its lease. */
  stored?: MoveName;
  lostBy?: MoveName;
}

/** A publication on its way: read (or read as lost), taken, published and not yet confirmed, or refused. */
export interface Publication {
  at: 'read' | 'read-lost' | 'taken' | 'published' | 'refused';
  seq: number;
  holdMs: number;
  queuedAt?: Date;
  /** The take that holds it; the API's first publication and the message sweep's have none. */
  relay?: string;
  /** Whether its hold has not passed yet. */
  holds: boolean;
}

/** A clock process: its relay and message sweep, and its lease sweep. */
export interface Clock {
  frozen: boolean;
  publication?: Publication;
  watched?: Watched;
}

/** A message that the broker gave up on; `deaths` once the clock has read the document for it. */
export interface DeadLetter {
  seq: number;
  deaths?: number;
}

/** A move with what the observer knows of who makes it and from which knowledge. */
export interface Act {
  name: MoveName;
  move: Move;
  /** The seq that the mover believes the task to have. */
  seq?: number;
  /** The mover's own take, for the move that only the one that holds the task may make. */
  relay?: string;
  /** The mover's own lease, for moves that only the holder may make. */
  token?: string;
  watched?: Watched;
  /** A give-back that leaves the attempt uncounted. */
  uncounted?: boolean;
}

export interface World {
  task: Task;
  queue: Message[];
  dead: DeadLetter[];
  /** The first publication, by the API; gone when that has come to an end. */
  api?: Publication;
  clocks: Clock[];
  workers: Worker[];
  /** Moves that were sent and whose sender gave up waiting: they may still arrive, or never. */
  flights: Act[];
  /** Faults and events that are left to happen. */
  left: Record<string, number>;
  /** Makes tokens and instants unique; not part of what a state is. */
  minted: number;
}

/** Steps in which it still matters whether the message came a second time. */
const UNDECIDED = new Set<Worker['at']>(['delivered', 'looking', 'watching']);

/** As it is made, before its first publication. */
export const blockedTask = (id: string, changedAt: Date): Task => ({
  _id: id,
  state: 'blocked',
  seq: 0,
  attempt: 0,
  attemptLimit: 3,
  crashes: 0,
  handBacks: 0,
  brokerDeaths: 0,
  holdMs: 1,
  waitsFor: [],
  changedAt,
});

export const isEnded = (task: Pick<Task, 'state'>): boolean =>
  task.state === 'succeeded' || task.state === 'failed' || task.state === 'cancelled';

export const isWaiting = (task: Task): boolean => task.state === 'scheduled' || task.state === 'queued';

/** The instant of every move: all that is due is due by then, and no hold or delay passes before PASSED. */
export const instant = (world: World): Date => new Date(1_000 + world.minted);

/** What `dueAt` becomes when time passes: the origin moves, so that instants never grow. */
export const PASSED = new Date(0);

/** A due time ahead, for retries and the like. */
export const LATER = new Date(1_000_000_000);

/** Whether anybody but a dead publisher still has the present publication's message. */
export function isMessageAround({ task, queue, dead, workers }: World): boolean {
  const { seq } = task;
  return (
    queue.some((message) => message.seq === seq) ||
    dead.some((letter) => letter.seq === seq) ||
    workers.some((worker) => worker.at !== 'idle' && worker.channel && worker.message.seq === seq)
  );
}

/** Whether a living process is about to publish it. */
export function isBeingPublished({ api, clocks }: World): boolean {
  const underway = (publication?: Publication) =>
    publication?.at === 'taken' || publication?.at === 'published';
  return underway(api) || clocks.some((clock) => !clock.frozen && underway(clock.publication));
}

/** Whether anybody has read the present beat of the holder and may compare it later. */
export function isWatched({ task: { lease }, workers, clocks, flights }: World): boolean {
  if (!lease) return false;
  const sees = ({ watched }: { watched?: Watched }) =>
    watched?.token === lease.token && watched.beat === lease.beat;
  return workers.some(sees) || clocks.some(sees) || flights.some(sees);
}

/**
 * A state's identity. Only what can make a difference counts: names of tokens, absolute seqs, beats and instants
 * do not, but whether they are the document's present ones; nor does the order of equal processes.
 */
export function worldKey(world: World): string {
  const { task, queue, dead, api, clocks, workers, flights, left } = world;
  const key =
    `${task.state}${task.attempt}.${task.attemptLimit}.${task.handBacks}.${task.brokerDeaths}` +
    (task.dueAt === undefined ? '' : task.dueAt <= PASSED ? 'd' : 'l') +
    (task.relay === undefined ? '' : 'r') +
    (task.expiresAt === undefined ? '' : 'x');
  const messages = queue.map((message) => seqKey(task, message.seq) + (message.redelivered ? 'r' : ''));
  const letters = dead.map((letter) => seqKey(task, letter.seq) + (letter.deaths ?? ''));
  const nobodys = flights.filter((act) => !workers.some((w) => w.sent.includes(act.token ?? '')));
  return [
    key,
    sorted(messages),
    sorted(letters),
    publicationKey(task, api),
    sorted(clocks.map((clock) => clockKey(task, clock))),
    sorted(workers.map((worker) => workerKey(world, worker))),
    sorted(nobodys.map((act) => flightKey(task, act))),
    Object.values(left).join(''),
  ].join('|');
}

const sorted = (parts: string[]): string => (parts.length > 1 ? parts.sort().join(',') : (parts[0] ?? ''));

const seqKey = (task: Task, seq: number): string => (seq === task.seq ? 'c' : 's');

const tokenKey = (task: Task, token: string): string =>
  token === task.lease?.token ? 'L' : token === task.lastToken ? 'T' : '-';

function watchKey(task: Task, watched: Watched | undefined): string {
  if (watched === undefined) return '';
  const still = watched.token === task.lease?.token && watched.beat === task.lease.beat;
  return tokenKey(task, watched.token) + (still ? '=' : '!') + (watched.last ? 'l' : '');
}

const flightKey = (task: Task, act: Act): string =>
  act.name + tokenKey(task, act.token ?? '') + seqKey(task, act.seq ?? -1) + watchKey(task, act.watched);

function publicationKey(task: Task, publication: Publication | undefined): string {
  if (publication === undefined) return '';
  const { at, seq, holds, queuedAt, relay } = publication;
  const queued = queuedAt === undefined ? '' : queuedAt.getTime() === task.queuedAt?.getTime() ? '=' : '!';
  const mine = relay === undefined ? '' : relay === task.relay ? 'm' : 'o';
  return at + seqKey(task, seq) + (holds ? 'h' : '') + queued + mine;
}

const clockKey = (task: Task, { publication, watched, frozen }: Clock): string =>
  `${publicationKey(task, publication)}/${watchKey(task, watched)}${frozen ? 'f' : ''}`;

function workerKey({ task, flights }: World, w: Worker): string {
  if (w.at === 'idle') return 'i';
  const own = flights.filter((act) => w.sent.includes(act.token ?? ''));
  return (
    w.at +
    seqKey(task, w.message.seq) +
    (w.message.redelivered && UNDECIDED.has(w.at) ? 'r' : '') +
    (w.channel ? 'o' : '') +
    tokenKey(task, w.token) +
    (w.sent.includes(task.lease?.token ?? '') ? 'm' : '') +
    (w.frozen ? 'f' : '') +
    (w.last ? 'l' : '') +
    (w.counted ? 'n' : '') +
    (w.outcome ?? '') +
    watchKey(task, w.watched) +
    (w.stored ?? '') +
    (w.lostBy ?? '') +
    own.map((act) => flightKey(task, act)).join('.')
  );
}
