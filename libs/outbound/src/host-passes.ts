import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Snooze } from '@offload/contracts/errors';
import type { HostGate, HostPass, HostTurn } from './host-gate.js';
import { hostKey } from './host-key.js';
import { SAFE_METHODS } from './methods.js';

/** The places that one exchange holds: one at each host that its redirects led to, until its end. */
export class HostPasses {
  readonly #held = new Map<string, { pass: HostPass; gate: HostGate }>();
  readonly #patientUntil: number;

  /** @param patienceMs how long it may wait in place, in milliseconds */
  constructor(
    patienceMs: number,
    private readonly stop: AbortSignal,
  ) {
    this.#patientUntil = performance.now() + patienceMs;
  }

  /**
   * Throws Snooze `host-busy` with the turn that was reserved, and the stop's reason when it comes while waiting.
   * @param sent a hop before this one was; then what is not safe (RFC 9110, section 9.2.1) is never put off, since the
   * task would send it again
   */
  async enter(gate: HostGate | undefined, url: URL, method: string, sent: boolean): Promise<void> {
    if (!gate) return;
    const host = hostKey(url);
    const held = this.#held.get(host);
    // Never refused: a chain of redirects within a host would else begin anew again and again.
    if (held) return held.pass.again();
    const patientUntil = sent && !SAFE_METHODS.has(method) ? Infinity : this.#patientUntil;
    for (;;) {
      const answer = await this.#ask(gate, host, ticketOf(url, method));
      if ('leave' in answer) return void this.#held.set(host, { pass: answer, gate });
      if (performance.now() + answer.waitMs > patientUntil) throw busy(host, answer.until);
      await sleep(answer.waitMs, undefined, { signal: this.stop });
    }
  }

  /** The host of this URL has asked for a pause of `ms` milliseconds. */
  async holdBack(url: URL, ms: number): Promise<void> {
    const host = hostKey(url);
    await this.#held.get(host)?.gate.holdBack(host, ms);
  }

  leave(): void {
    this.#held.forEach(({ pass }) => pass.leave());
    this.#held.clear();
  }

  /** A place that comes when the exchange has ended already is given back. */
  async #ask(gate: HostGate, host: string, ticket: string): Promise<HostPass | HostTurn> {
    const answer = await gate.enter(host, ticket);
    if (this.stop.aborted) {
      if ('leave' in answer) answer.leave();
      this.stop.throwIfAborted();
    }
    return answer;
  }
}

/** The same request of the same task has the same ticket when it comes back; who else has it is as good at its turn. */
const ticketOf = (url: URL, method: string): string =>
  createHash('sha256').update(`${method} ${url.href}`).digest('base64url').slice(0, 16);

const busy = (host: string, until: Date): Snooze =>
  new Snooze('host-busy', `${host} is asked often enough just now; the task waits for its turn.`, until);
