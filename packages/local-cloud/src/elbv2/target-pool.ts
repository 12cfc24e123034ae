// The targets of one group: who gets the next request, who is checked, and who drains.
import { Agent } from 'node:http';
import type { CloudClock } from '../clock.ts';
import type { Target, TargetHealth } from '../world.ts';
import { startChecks } from './check-loop.ts';
import { afterCheck, DRAINING, type HealthRecord, NOT_IN_USE, NOT_REGISTERED, REGISTERED } from './health.ts';
import type { HealthCheckSettings } from './health-check-settings.ts';

/** One request on its way to a target; `release` says that the target owes nothing more for it. */
export interface Lease {
  target: Target;
  /** Keeps connections to this target alive between requests. */
  agent: Agent;
  release(): void;
}

export interface PoolOptions {
  clock: CloudClock;
  settings: () => HealthCheckSettings;
  /** Cloud seconds that a draining target may still work on requests. */
  deregistrationDelay: () => number;
  log: (line: string) => void;
}

interface Member {
  target: Target;
  agent: Agent;
  health: HealthRecord;
  draining: boolean;
  stopChecks: () => void;
  deadline: { cancel(): void } | undefined;
  /** What cuts each request that is in flight. */
  leases: Map<Lease, () => void>;
}

/**
 * A deregistered target gets no new request and is `unused` as soon as nothing is in flight, or when the delay has
 * passed (what is then in flight is cut). AWS too completes at once for a target without requests and connections:
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html
 * Idle connections to it do not count; they are closed.
 */
export class TargetPool {
  readonly #options: PoolOptions;
  readonly #members = new Map<string, Member>();
  #inUse = false;
  #turn = 0;

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  /** Registering a draining target takes it back, as new. A registered one stays as it is. */
  register(target: Target): void {
    const known = this.#members.get(keyOf(target));
    if (known !== undefined && !known.draining) return;
    known?.deadline?.cancel();
    const member = known ?? newMember(target);
    member.draining = false;
    member.deadline = undefined;
    this.#members.set(keyOf(target), member);
    this.#restartChecks(member);
  }

  /** A target that is not registered is left alone. */
  deregister(target: Target): void {
    const member = this.#members.get(keyOf(target));
    if (member === undefined || member.draining) return;
    member.draining = true;
    member.stopChecks();
    if (member.leases.size === 0) {
      this.#remove(member);
      return;
    }
    const delay = this.#options.deregistrationDelay() * 1000;
    member.deadline = this.#options.clock.after(delay, () => this.#remove(member));
  }

  health(target: Target): TargetHealth {
    const member = this.#members.get(keyOf(target));
    if (member === undefined) return NOT_REGISTERED;
    if (member.draining) return DRAINING;
    if (!this.#inUse) return NOT_IN_USE;
    const { state, reason, description } = member.health;
    return { state, ...(reason === undefined ? {} : { reason, description }) };
  }

  /** Registered and draining ones. */
  targets(): Target[] {
    return [...this.#members.values()].map(({ target }) => target);
  }

  /** Whether a listener forwards to this group: only then its targets are checked. */
  setInUse(inUse: boolean): void {
    if (this.#inUse === inUse) return;
    this.#inUse = inUse;
    for (const member of this.#members.values()) {
      if (!member.draining) this.#restartChecks(member);
    }
  }

  /**
   * The next target in turn: among the healthy ones, or among all that are registered when none is healthy (the load
   * balancer fails open). Undefined when none is registered. `cut` is called when the request must end now.
   */
  lease(cut: () => void): Lease | undefined {
    const registered = [...this.#members.values()].filter(({ draining }) => !draining);
    const healthy = registered.filter(({ health }) => health.state === 'healthy');
    const choice = healthy.length > 0 ? healthy : registered;
    const member = choice[this.#turn % Math.max(1, choice.length)];
    this.#turn += 1;
    if (member === undefined) return undefined;
    const lease: Lease = {
      target: member.target,
      agent: member.agent,
      release: () => {
        member.leases.delete(lease);
        if (member.draining && member.leases.size === 0) this.#remove(member);
      },
    };
    member.leases.set(lease, cut);
    return lease;
  }

  close(): void {
    for (const member of [...this.#members.values()]) this.#remove(member);
  }

  #remove(member: Member): void {
    const key = keyOf(member.target);
    // A late release must not remove a target that has been registered anew at the same address.
    if (this.#members.get(key) !== member) return;
    this.#members.delete(key);
    member.stopChecks();
    member.deadline?.cancel();
    const cuts = [...member.leases.values()];
    member.leases.clear();
    for (const cut of cuts) cut();
    member.agent.destroy();
  }

  #restartChecks(member: Member): void {
    member.stopChecks();
    member.health = REGISTERED;
    if (!this.#inUse) return;
    const { clock, settings, log } = this.#options;
    member.stopChecks = startChecks(clock, member.target, settings, (result) => {
      const before = member.health.state;
      member.health = afterCheck(member.health, result, settings());
      const { state, description } = member.health;
      if (state !== before)
        log(`${keyOf(member.target)} is ${state}${description ? ` (${description})` : ''}`);
    });
  }
}

function newMember(target: Target): Member {
  return {
    target,
    agent: new Agent({ keepAlive: true }),
    health: REGISTERED,
    draining: false,
    stopChecks: () => {},
    deadline: undefined,
    leases: new Map(),
  };
}

function keyOf({ host, port }: Target): string {
  return `${host}:${port}`;
}
