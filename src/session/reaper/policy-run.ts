import { compact } from '../../protocol/base/compact.ts'
import type { SessionConfig } from '../config/session-config.ts'
import type { Reapable, ReapCursor, ReapPage } from '../ports/reap.ts'
import type { StoreTransaction } from '../ports/store.ts'
import type { DatabaseRemovalPorts } from '../upkeep/database-removals.ts'
import { transactOrDryRun } from '../upkeep/dry-run.ts'
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
  list(transaction: StoreTransaction, after: ReapCursor | undefined, limit: number): ReapPage<Thing>
  /** Returns the reason to leave a thing that is old enough. */
  spare?(thing: Thing): string | undefined
  /** Takes the thing away, in the transaction that listed it. False if it may not go any more. */
  take(transaction: StoreTransaction, thing: Thing, now: number): boolean
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
   * Goes through all things of one kind, a batch in each transaction.
   * @throws StoreError
   */
  async harvest<Thing extends Reapable>(harvest: Harvest<Thing>): Promise<void> {
    let after: ReapCursor | undefined
    do {
      const { page, judged } = await transactOrDryRun(
        this.ports.store,
        this.options.dryRun,
        (each) => this.#batch(harvest, each, after),
      )
      for (const { thing, verdict } of judged) this.#count(harvest.kind, thing, verdict)
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

  #batch<Thing extends Reapable>(
    harvest: Harvest<Thing>,
    transaction: StoreTransaction,
    after: ReapCursor | undefined,
  ) {
    const now = this.ports.clock.now()
    const page = harvest.list(transaction, after, REAP_BATCH)
    const judged = page.things
      .filter((thing) => this.passes(thing))
      .map((thing) => ({ thing, verdict: judge(harvest, transaction, thing, now) }))
    const reaped = judged.filter(({ verdict }) => verdict === undefined).length
    if (reaped > 0) transaction.appendAudit(this.options.record(this.#policy, reaped))
    return { page, judged }
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

/** Takes the thing away if it may go. @returns the reason if it stays */
function judge<Thing extends Reapable>(
  { olderThanMs, spare, take }: Harvest<Thing>,
  transaction: StoreTransaction,
  thing: Thing,
  now: number,
): string | undefined {
  if (now - thing.since <= olderThanMs) return 'not old enough'
  const why = thing.neededBecause ?? spare?.(thing)
  if (why !== undefined) return why
  return take(transaction, thing, now) ? undefined : 'it changed meanwhile'
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
