import { classifyAddress, sortForLink } from '../../network/address/addresses.ts'
import { type Probe, probeAddresses } from '../../network/dial/probe.ts'
import type { OutsideProbe } from '../../network/dial-back/ask-outside.ts'
import type { Clock, Timer } from '../../session/ports/clock.ts'
import { inTime } from './in-time.ts'
import { isTurned, proofsOf } from './reach-proofs.ts'
import { isProvenOutside, type ReachProof, type ReachReport } from './reach-report.ts'

/** How long one address has, ms: as long as a dialer gives it. */
const PROBE_TIMEOUT_MS = 5_000

/** Addresses that are tried, the best first: each takes a handshake on both sides. */
const MAX_PROBES = 8

/** How often the addresses are tried, ms: a router that forgets its forwarding is noticed while somebody still waits. */
const PROVE_EVERY_MS = 600_000

/** How soon they are tried again when one was not met, ms; each time twice as late. */
const PROVE_AGAIN_MS = 15_000

/** How long whoever makes an invitation waits for it, ms: they can do without. */
const PROVE_SOON_MS = 1_500

/** How often it is looked whether the addresses are others now, ms: a network was joined, a relay took us. */
const LOOK_MS = 15_000

/** The part by which a time is longer or shorter, by chance: listeners behind one relay do not try together. */
const JITTER = 0.2

export interface ReachWatchInit {
  readonly peerId: string
  readonly clock: Clock
  /** Multiaddrs that the listener can be reached at, as far as it knows. */
  addresses(): readonly string[]
  /** @default PROVE_EVERY_MS */
  readonly everyMs?: number
  /** An address that the listener was met at leads there no more, or does again. */
  onChange(proof: ReachProof): void
  /** True of an address that the router passes on to here, by its own word. @default none */
  isMapped?(address: string): boolean
  /** Has addresses that may lead here from anywhere dialled from outside. @default nobody can */
  askOutside?(addresses: readonly string[]): Promise<readonly OutsideProbe[]>
  /** Tries addresses as a stranger would. @default dials them */
  probe?(addresses: readonly string[]): Promise<readonly Probe[]>
}

/**
 * Dials a listener's own addresses now and then, as somebody else: at the start, when they change, and when it is asked to.
 * It ends after the handshake, and neither reads nor uses any invitation.
 */
export class ReachWatch {
  readonly #init: ReachWatchInit
  #report: ReachReport = []
  #timer: Timer | undefined
  #underWay: Promise<ReachReport> | undefined
  readonly #everyMs: number
  #isOver = false
  /** Monotonic ms. */
  #dueAt = 0
  #againMs = PROVE_AGAIN_MS
  #tried: readonly string[] = []

  constructor(init: ReachWatchInit) {
    this.#init = init
    this.#everyMs = init.everyMs ?? PROVE_EVERY_MS
  }

  /** The newest of what was found out; empty if nothing was tried. */
  get report(): ReachReport {
    return this.#report
  }

  /** A listener that can be met on this computer only is not tried: nobody would learn anything. */
  start(): void {
    const { clock } = this.#init
    const wanted = this.#wanted()
    const isKnown = isSame(wanted, this.#tried)
    const isWorthIt = wanted.some(isFar)
    const isDue = isWorthIt && clock.monotonic() >= this.#dueAt
    if (isDue || (!isKnown && (isWorthIt || wanted.length === 0))) void this.prove()
    this.#timer = clock.after(LOOK_MS, () => this.start())
  }

  /** Something has changed in the ways here: tries them all, if it has begun to. */
  look(): void {
    if (this.#timer === undefined) return
    // What is under way may have begun before it.
    void (this.#underWay ?? Promise.resolve()).then(() => this.prove())
  }

  /** Resolves when none is under way. */
  async stop(): Promise<void> {
    this.#isOver = true
    this.#timer?.clear()
    await this.#underWay
  }

  /**
   * Tries all addresses now; together with whoever has asked just before.
   * @param freshMs what was found out so short a time ago is good enough
   */
  prove(freshMs = 0): Promise<ReachReport> {
    const { clock } = this.#init
    const oldest = Math.min(...this.#report.map(({ triedAt }) => triedAt))
    const isFresh = isSame(this.#wanted(), this.#tried) && clock.now() - oldest < freshMs
    if (isFresh || this.#isOver) return Promise.resolve(this.#report)
    this.#underWay ??= this.#proveAll().finally(() => {
      this.#underWay = undefined
    })
    return this.#underWay
  }

  /** Tries them unless it was done within `freshMs`, and tells what is known in a second or two. */
  async proveSoon(freshMs?: number): Promise<ReachReport> {
    if (!this.#wanted().some(isFar)) return this.#report
    await inTime(PROVE_SOON_MS, this.prove(freshMs))
    return this.#report
  }

  async #proveAll(): Promise<ReachReport> {
    const { clock, peerId, onChange, probe, askOutside, isMapped } = this.#init
    const wanted = this.#wanted()
    this.#tried = wanted
    const asking = askOutside?.(wanted.filter(mayBeFar))
    const trying = probe?.(wanted) ?? probeAddresses(peerId, wanted, PROBE_TIMEOUT_MS)
    // It is for information only: nothing that goes wrong in it may harm the listener.
    const [probes, outside = []] = await Promise.all([
      trying.catch((error: unknown) => untried(wanted, error)),
      asking?.catch(() => []),
    ])
    const before = this.#report
    const found = { probes, outside, isMapped: (address: string) => isMapped?.(address) === true }
    this.#report = proofsOf(found, before, clock.now())
    this.#planNext()
    if (this.#isOver) return this.#report
    for (const proof of this.#report) {
      const known = before.find(({ address }) => address === proof.address)
      if (isTurned(known, proof)) onChange(proof)
    }
    return this.#report
  }

  #planNext(): void {
    const hasFailed = this.#report.some((proof) => !isProven(proof))
    const ms = Math.min(hasFailed ? this.#againMs : this.#everyMs, this.#everyMs)
    this.#againMs = hasFailed ? 2 * ms : PROVE_AGAIN_MS
    this.#dueAt = this.#init.clock.monotonic() + ms * (1 + JITTER * (2 * Math.random() - 1))
  }

  #wanted(): readonly string[] {
    return sortForLink(this.#init.addresses()).slice(0, MAX_PROBES)
  }
}

function untried(addresses: readonly string[], error: unknown): readonly Probe[] {
  const why = error instanceof Error ? error.message : String(error)
  return addresses.map((address) => ({ address, problem: `it could not be tried: ${why}` }))
}

/** Its own router may let nobody out and in again, which is no matter where it was met from outside. */
function isProven(proof: ReachProof): boolean {
  const here = proof.mapped === true ? undefined : proof.problem
  return isProvenOutside(proof) || (here ?? proof.outside?.problem) === undefined
}

function mayBeFar(address: string): boolean {
  const scope = classifyAddress(address)
  return scope === 'public' || scope === 'dns'
}

function isFar(address: string): boolean {
  return classifyAddress(address) !== 'loopback'
}

function isSame(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((each, at) => each === others[at])
}
