import { compact } from '../../protocol/base/compact.ts'
import type { SessionConfig } from '../config/session-config.ts'
import type { StoreLookups } from '../ports/lookups.ts'
import type { Reapable, ReapCursor, ReapPage } from '../ports/reap.ts'
import type { Work, WorkOutcome } from '../ports/work.ts'
import { written } from '../ports/written.ts'
import type { DatabaseRemovalPorts } from '../upkeep/database-removals.ts'
import type { TokenHookPorts } from '../upkeep/tell-host-use-released.ts'
import {
  MAX_TOLD,
  type PolicyReport,
  REAP_BATCH,
  type ReapedThing,
  type ReapFilter,
  type ReapOptions,
  type ReapPolicy,
} from './reap-options.ts'

/** One kind of thing that a policy reaps. */
export interface Harvest<Thing extends Reapable> {
  readonly kind: ReapedThing['kind']
  /** The least age of a thing that goes, ms, counted from its `since`. */
  readonly olderThanMs: number
  list(
    lookups: StoreLookups,
    after: ReapCursor | undefined,
    limit: number,
  ): Promise<ReapPage<Thing>>
  /** Returns the reason to leave a thing that is old enough. */
  spare?(thing: Thing): string | undefined
  /** The work that takes the thing away. */
  take(thing: Thing, now: number): Work
  /** It was taken away. */
  taken?(thing: Thing): void
}

export type PolicyPorts = DatabaseRemovalPorts &
  TokenHookPorts & { readonly config: Pick<SessionConfig, 'stepTimeoutMs'> }

/** One run of a policy: goes through things, takes away what may go, and counts. */
export class PolicyRun {
  readonly ports: PolicyPorts
  readonly options: ReapOptions
  readonly #policy: ReapPolicy
  readonly #skipped = new Map<string, number>()
  readonly #things: ReapedThing[] = []
  readonly #begunAt: number
  #examined = 0
  #reaped = 0

  constructor(ports: PolicyPorts, policy: ReapPolicy, options: ReapOptions) {
    this.ports = ports
    this.options = options
    this.#policy = policy
    this.#begunAt = ports.clock.monotonic()
  }

  get report(): PolicyReport {
    return {
      policy: this.#policy,
      examined: this.#examined,
      reaped: this.#reaped,
      skipped: [...this.#skipped].map(([why, count]) => ({ why, count })),
      ms: Math.round((this.ports.clock.monotonic() - this.#begunAt) * 10) / 10,
      things: this.#things,
    }
  }

  /**
   * Goes through all things of one kind, a page at a time.
   * @throws StoreError
   */
  async harvest<Thing extends Reapable>(harvest: Harvest<Thing>): Promise<void> {
    const { store } = this.ports
    let after: ReapCursor | undefined
    do {
      const page = await harvest.list(store.lookups, after, REAP_BATCH)
      for (const { thing, verdict } of await this.#reap(harvest, page.things))
        this.#count(harvest.kind, thing, verdict)
      after = page.next
    } while (after !== undefined)
  }

  /** Counts a thing that is not in the store. @param verdict the reason if it was spared */
  note(kind: ReapedThing['kind'], thing: Reapable, verdict: string | undefined): void {
    this.#count(kind, thing, verdict)
  }

  passes({ side, state, peerId, tokenId }: Reapable): boolean {
    return fits(this.options.filter, { side, state, peerId, tokenId })
  }

  /** Judges each thing of a page, and takes away what may go. */
  async #reap<Thing extends Reapable>(
    harvest: Harvest<Thing>,
    things: readonly Thing[],
  ): Promise<readonly Judged<Thing>[]> {
    const now = this.ports.clock.now()
    const passing = things.filter((thing) => this.passes(thing))
    const taking = passing.map((thing) => {
      const why = whySpared(harvest, thing, now)
      if (why !== undefined) return { thing, outcome: Promise.resolve(why) }
      const { outcome, durable } = this.#take(harvest.take(thing, now))
      return { thing, outcome, durable }
    })
    const judged = await Promise.all(
      taking.map(async ({ thing, outcome }) => ({ thing, verdict: await outcome })),
    )
    const taken = judged.filter(({ verdict }) => verdict === undefined)
    if (this.options.dryRun) return judged
    if (taken.length > 0) {
      const draft = this.options.record(this.#policy, taken.length)
      await written(this.ports.store, [{ op: 'appendAudit', draft }])
    }
    await Promise.all(taking.map(({ durable }) => durable))
    for (const { thing } of taken) harvest.taken?.(thing)
    return judged
  }

  /** @returns the reason if it stays */
  #take(work: Work): {
    readonly outcome: Promise<string | undefined>
    readonly durable: Promise<void>
  } {
    const { store } = this.ports
    const { outcome, durable } = this.options.dryRun
      ? { outcome: store.rehearse(work), durable: Promise.resolve() }
      : store.submit(work)
    return {
      outcome: outcome.then((known) => (isTaken(known) ? undefined : 'it changed meanwhile')),
      durable,
    }
  }

  #count(kind: ReapedThing['kind'], thing: Reapable, verdict: string | undefined): void {
    this.#examined += 1
    if (verdict !== undefined) {
      this.#skipped.set(verdict, (this.#skipped.get(verdict) ?? 0) + 1)
      return
    }
    this.#reaped += 1
    if (this.#things.length < MAX_TOLD) this.#things.push(this.#told(kind, thing))
  }

  #told(kind: ReapedThing['kind'], thing: Reapable): ReapedThing {
    const { id, side, state, peerId, tokenId, tallyId, since } = thing
    const ageMs = since === 0 ? undefined : Math.max(0, this.ports.clock.now() - since)
    return compact({ kind, id, side, state, peerId, tokenId, tallyId, ageMs })
  }
}

interface Judged<Thing> {
  readonly thing: Thing
  /** The reason if it stays. */
  readonly verdict: string | undefined
}

function whySpared<Thing extends Reapable>(
  { olderThanMs, spare }: Harvest<Thing>,
  thing: Thing,
  now: number,
): string | undefined {
  if (now - thing.since <= olderThanMs) return 'not old enough'
  return thing.neededBecause ?? spare?.(thing)
}

/** True if its first write was not too late. */
function isTaken(outcome: WorkOutcome): boolean {
  if (outcome.kind === 'lost') return false
  const [answer] = outcome.answers
  if (answer === undefined) return true
  if ('isDone' in answer) return answer.isDone
  return 'isReleased' in answer ? answer.isReleased : true
}

type Filtered = { readonly state: string } & {
  readonly [Key in 'side' | 'peerId' | 'tokenId']: string | undefined
}

function fits(filter: ReapFilter, thing: Filtered): boolean {
  const { side, state, peerId, tokenId } = filter
  if (side !== undefined && thing.side !== side) return false
  if (state !== undefined && thing.state.toLowerCase() !== state.toLowerCase()) return false
  if (tokenId !== undefined && thing.tokenId?.startsWith(tokenId) !== true) return false
  if (peerId === undefined) return true
  return (
    thing.peerId !== undefined && (thing.peerId.startsWith(peerId) || thing.peerId.endsWith(peerId))
  )
}
