/** A place at a host, held for one exchange. */
export interface HostPass {
  /** Counts one more request to the host, such as that of a redirect; it is never refused. */
  again(): void;
  /** Gives the place back; the second call does nothing. */
  leave(): void;
}

/** The host is busy: the turn that was reserved, in the database's time, and the wait until then. */
export interface HostTurn {
  until: Date;
  waitMs: number;
}

/**
 * Politeness over all workers: how many exchanges with one host there are at once, and how many begin in a second.
 * The implementation is libs/store/src/host-slots.ts; without one there is no such limit.
 */
export interface HostGate {
  /**
   * Asks for a place at `host` (see hostKey) now. A turn is reserved under `ticket`: who comes back with the same
   * ticket at its time is let in before others. Never rejects: without a store it lets everybody in.
   */
  enter(host: string, ticket: string): Promise<HostPass | HostTurn>;
  /** Keeps everybody from the host for `ms` milliseconds: it has asked for that. Never rejects. */
  holdBack(host: string, ms: number): Promise<void>;
}
