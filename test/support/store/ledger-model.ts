import type { Claim } from '../../../src/session/machine/listener-state.ts'
import type { ApprovedWrite, ReserveRequest } from '../../../src/session/ports/store.ts'
import { T0 } from '../../store/fixtures.ts'

/** One redemption, as simply as it can be said. */
interface Entry {
  readonly peer: string
  boot: string
  hash: string
  state: 'reserved' | 'provisioning' | 'delegated' | 'committed' | 'released'
  fence: number
  until: number
  readonly use: number
  /** What the checks allowed under the current fence. */
  approval: 'none' | 'given' | 'used'
}

/** What the ledger should answer: the kind, or the code of the refusal. */
export type Expected =
  | 'reserved'
  | 'replayed'
  | 'mismatch'
  | 'expired'
  | 'revoked'
  | 'used'
  | 'in_progress'

/** The ledger of one token, in plain words: a list, and no database. */
export class LedgerModel {
  readonly uses: number | null
  readonly entries = new Map<string, Entry>()
  revoked = false
  now = T0
  expiresAt = T0 + 1_000

  constructor(uses: number | null) {
    this.uses = uses
  }

  get live(): Entry[] {
    return [...this.entries.values()].filter((each) => each.state !== 'released')
  }

  count(...states: Entry['state'][]): number {
    return this.live.filter((each) => states.includes(each.state)).length
  }

  /** The redemption of this peer that a request is about. */
  earlier({ peerId, bootstrapId, another }: ReserveRequest): Entry | undefined {
    const mine = this.live.filter((each) => each.peer === peerId).reverse()
    const same = mine.find((each) => each.boot === bootstrapId)
    if (same !== undefined) return same
    if (another && this.uses !== 1) return undefined
    return mine.find((each) => each.state === 'committed') ?? mine[0]
  }

  expect(request: ReserveRequest): Expected {
    const mine = this.earlier(request)
    if (mine === undefined) return this.#fresh()
    const unchanged = mine.hash === request.requestHash
    if (mine.boot === request.bootstrapId && !unchanged) return 'mismatch'
    if (mine.state === 'committed') return 'replayed'
    return mine.state === 'delegated' && unchanged ? 'replayed' : 'reserved'
  }

  /** What `prospect` should say. That the token has expired is its caller's to know. */
  foretell(request: ReserveRequest): 'free' | 'own' | 'answered' | Expected {
    const mine = this.earlier(request)
    if (mine !== undefined) {
      return mine.state === 'committed' || mine.state === 'delegated' ? 'answered' : 'own'
    }
    if (this.revoked) return 'revoked'
    const fresh = this.#uses()
    return fresh === 'reserved' ? 'free' : fresh
  }

  #fresh(): Expected {
    if (this.revoked) return 'revoked'
    if (this.expiresAt <= this.now) return 'expired'
    return this.#uses()
  }

  #uses(): Expected {
    if (this.uses === null || this.live.length < this.uses) return 'reserved'
    return this.count('committed') < this.live.length ? 'in_progress' : 'used'
  }

  /** Write down what was granted; the lowest use that nobody has. */
  granted(request: ReserveRequest, claim: Claim): void {
    const mine = this.earlier(request)
    if (mine?.state === 'committed') return
    const { bootstrapId: boot, requestHash: hash, reservedUntil, peerId: peer } = request
    if (mine === undefined) {
      const use = this.lowestFreeUse()
      const { fence } = claim
      this.entries.set(claim.redemptionId, {
        peer,
        boot,
        hash,
        state: 'reserved',
        fence,
        until: reservedUntil,
        use,
        approval: 'none',
      })
    } else {
      const until = Math.max(mine.until, reservedUntil)
      Object.assign(mine, { boot, hash, fence: claim.fence, until, approval: 'none' })
    }
  }

  lowestFreeUse(): number {
    const taken = new Set(this.live.map((each) => each.use))
    let use = 1
    while (taken.has(use)) use += 1
    return use
  }

  /** The entry a claim may still write to, if it is in one of these states. */
  writable(claim: Claim, ...states: Entry['state'][]): Entry | undefined {
    const entry = this.entries.get(claim.redemptionId)
    return entry?.fence === claim.fence && states.includes(entry.state) ? entry : undefined
  }

  /** What becomes of a write that rests on what the checks allowed. */
  allowed(
    claim: Claim,
    what: 'approve' | 'intend' | 'delegate',
  ): { readonly said: ApprovedWrite; readonly entry?: Entry } {
    const entry = this.writable(claim, 'reserved', 'provisioning', 'delegated')
    if (entry === undefined) return { said: 'lost' }
    if (this.revoked) return { said: 'revoked' }
    const barred = { approve: undefined, intend: 'delegated', delegate: 'provisioning' }[what]
    const isReady = what === 'delegate' ? entry.approval === 'given' : entry.approval !== 'used'
    return entry.state !== barred && isReady ? { said: 'done', entry } : { said: 'lost' }
  }
}
