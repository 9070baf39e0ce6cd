import type { Claim } from '../../../../src/session/machine/listener-state.ts'
import type { ReserveRequest } from '../../../../src/session/ports/uses/reservation.ts'
import { T0 } from '../../../store/fixtures.ts'

/** One redemption, as simply as it can be said. */
interface Entry {
  readonly peer: string
  boot: string
  hash: string
  state: 'reserved' | 'provisioning' | 'delegated' | 'committed' | 'released'
  fence: number
  until: number
  readonly use: number
  /** Allowed by the checks under the current fence. */
  approval: 'none' | 'given' | 'used'
}

/** The answer that is expected: its kind, or the code of the refusal. */
export type ExpectedUse =
  | 'reserved'
  | 'replayed'
  | 'mismatch'
  | 'expired'
  | 'revoked'
  | 'used'
  | 'in_progress'

/** The uses of one token, in plain words: a list, and no database. */
export class UseModel {
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

  expect(request: ReserveRequest): ExpectedUse {
    const mine = this.earlier(request)
    if (mine === undefined) return this.#fresh()
    const unchanged = mine.hash === request.requestHash
    if (mine.boot === request.bootstrapId && !unchanged) return 'mismatch'
    if (mine.state === 'committed') return 'replayed'
    return mine.state === 'delegated' && unchanged ? 'replayed' : 'reserved'
  }

  /** The prospect that is expected. That the token has expired is its caller's to know. */
  foretell(request: ReserveRequest): 'free' | 'own' | 'answered' | ExpectedUse {
    const mine = this.earlier(request)
    if (mine !== undefined) {
      return mine.state === 'committed' || mine.state === 'delegated' ? 'answered' : 'own'
    }
    if (this.revoked) return 'revoked'
    const fresh = this.#uses()
    return fresh === 'reserved' ? 'free' : fresh
  }

  #fresh(): ExpectedUse {
    if (this.revoked) return 'revoked'
    if (this.expiresAt <= this.now) return 'expired'
    return this.#uses()
  }

  #uses(): ExpectedUse {
    if (this.uses === null || this.live.length < this.uses) return 'reserved'
    return this.count('committed') < this.live.length ? 'in_progress' : 'used'
  }

  /** Writes down a grant, of the lowest use that nobody has. */
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

  /** The fate of a write that rests on an approval by the checks. */
  allowed(
    claim: Claim,
    what: 'approve' | 'intend' | 'delegate',
  ): { readonly fate: 'applied' | 'fence' | 'revoked'; readonly entry?: Entry } {
    const entry = this.writable(claim, 'reserved', 'provisioning', 'delegated')
    if (entry === undefined) return { fate: 'fence' }
    if (this.revoked) return { fate: 'revoked' }
    const barred = { approve: undefined, intend: 'delegated', delegate: 'provisioning' }[what]
    const isReady = what === 'delegate' ? entry.approval === 'given' : entry.approval !== 'used'
    return entry.state !== barred && isReady ? { fate: 'applied', entry } : { fate: 'fence' }
  }
}
