import { sha256Hex } from '../../../../src/protocol/base/digest.ts'
import type { Claim, Grant } from '../../../../src/session/machine/listener-state.ts'
import type { Lease } from '../../../../src/session/ports/attempt.ts'
import type { SessionStore } from '../../../../src/session/ports/store.ts'
import type { PendingRequest } from '../../../../src/session/ports/uses/pending-request.ts'
import type { Work, WorkOutcome } from '../../../../src/session/ports/work.ts'
import type { WriteFacts } from '../../../../src/session/ports/write.ts'
import type { TokenToIssue } from '../../../../src/store/ledger/tokens.ts'
import { Random } from '../../../simulation/world/random.ts'

/** When it all begins, milliseconds since the epoch. */
const BEGINNING = 1_800_000_000_000
const MINUTE = 60_000

/** Few of each, so that writes meet. */
export const PEERS = ['bob', 'carol', 'dan'] as const
export const LINKS = ['link0', 'link1'] as const
const OWNERS = ['p1/s1', 'p1/s2', 'p2/s1', '/s9'] as const
export const ATTEMPTS = ['a0', 'a1', 'a2', 'a3', 'a4'] as const
const TALLIES = ['x0', 'x1', 'x2', 'x3'] as const

/** Tokens of this node, by the uses that they have. */
const OWN_TOKENS: Readonly<Record<string, number | null>> = { t1: 1, t2: 2, t3: null, t4: 3, t5: 1 }
/** Those at which the inviter says yes or no to each request. */
const BY_HAND: Readonly<Record<string, number | null>> = { h1: 1, h2: 2, h3: null }
const FOREIGN_TOKEN = 'f1'
export const TOKENS = [...Object.keys(OWN_TOKENS), ...Object.keys(BY_HAND), FOREIGN_TOKEN]
export const TOKENS_BY_HAND = [...Object.keys(BY_HAND), FOREIGN_TOKEN]

export function ownTokens(): readonly TokenToIssue[] {
  return Object.entries({ ...OWN_TOKENS, ...BY_HAND }).map(([id, uses], n) => ({
    ...{ id, uses, role: 'stock', issuedAt: BEGINNING, label: 'some' },
    secretHash: new Uint8Array(32).fill(n),
    expiresAt: BEGINNING + (10 + 5 * n) * MINUTE,
    ...{ required: ['name'], optional: ['mail'], terms: { unit: 'EUR', n } },
    ...(Object.hasOwn(BY_HAND, id) ? { byHand: true as const } : {}),
  }))
}

/** A claim that was given, and whose it is. */
interface Known {
  readonly claim: Claim
  readonly tokenId: string
  readonly peerId: string
}

/** Draws the parts of writes: from small pools, and from what came of earlier writes. */
export class Pools {
  readonly random: Random
  now = BEGINNING
  /** The newest attempts on links, as they are stored. */
  latest: ReadonlyMap<string, string> = new Map()
  readonly #claims: Known[] = []
  readonly #entries = new Map<string, number>()
  #sessions = 3
  #focused = 0
  #focus = UNKNOWN
  #redemptions = 0
  readonly #requests: PendingRequest[] = []

  constructor(seed: number) {
    this.random = new Random(seed)
  }

  /** Lets time pass, and learns what writes are about by now. */
  async look({ lookups }: SessionStore): Promise<void> {
    this.now += this.random.below(8_000)
    this.#focused -= 1
    const found = LINKS.map(async (link) => [link, await lookups.attempts.latest(link)] as const)
    const pairs = (await Promise.all(found)).flatMap(([link, attempt]) =>
      attempt === undefined ? [] : [[link, attempt.attemptId] as const],
    )
    this.latest = new Map(pairs)
  }

  /** Learns from what was applied. */
  learn(work: Work, outcome: WorkOutcome): void {
    if (outcome.kind === 'lost') return
    for (const [place, write] of work.entries()) {
      if (write.op === 'saveSession' || write.op === 'appendLate') {
        const id = write.op === 'saveSession' ? write.summary.id : write.sessionId
        const last = Math.max(this.#entries.get(id) ?? 0, ...write.entries.map(({ seq }) => seq))
        this.#entries.set(id, last)
      }
      const answer = outcome.answers[place]
      if (write.op === 'keepRequest' && answer !== undefined && 'request' in answer) {
        this.#requests.push(answer.request as PendingRequest)
      }
      if (write.op === 'approveRequest' && answer !== undefined && 'claim' in answer) {
        const { tokenId, peerId } = (answer as { request: PendingRequest }).request
        this.#claims.push({ claim: answer.claim as Claim, tokenId, peerId })
        this.focus()
      }
      if (write.op !== 'reserve' || answer === undefined || !('claim' in answer)) continue
      const { grant, peerId } = write.request
      const claim = answer.claim as Claim
      const known = { claim, tokenId: grant.tokenId, peerId }
      this.#claims.push(known)
      if (this.chance(0.4)) this.focus()
    }
  }

  /** The claims that were given last. */
  get recent(): readonly Known[] {
    return this.#claims.slice(-5)
  }

  /** A request that was kept lately; undefined if none was. */
  request(): PendingRequest | undefined {
    return this.#requests.at(-1 - this.random.below(4)) ?? this.#requests.at(-1)
  }

  /** For a while, most writes are to be about the newest claim, and one owner. */
  focus(): void {
    this.#focus = this.recent.at(-1) ?? UNKNOWN
    this.#focused = 15
  }

  chance(probability: number): boolean {
    return this.random.chance(probability)
  }

  pick<Item>(items: readonly Item[]): Item {
    return this.random.pick(items)
  }

  /** A member that is there only sometimes. */
  maybe<Members extends object>(members: Members, probability = 0.5): Members | object {
    return this.chance(probability) ? members : {}
  }

  facts(peerId: string = this.pick(PEERS)): WriteFacts {
    return { sessionId: this.session(), peerId, at: this.now, monotonic: 1 }
  }

  /** A claim that was given lately, now and then under a fence that is no longer its own. */
  known(): Known {
    const drawn = this.#claims.at(-1 - this.random.below(4)) ?? UNKNOWN
    const { claim, ...whose } = this.#isFocused() ? this.#focus : drawn
    return { claim: this.chance(0.1) ? { ...claim, fence: claim.fence - 1 } : claim, ...whose }
  }

  /** The id of a session: one of the last, or a new one. */
  session(): string {
    if (this.chance(0.05)) this.#sessions += 1
    return `s${this.#sessions - this.random.below(5)}`
  }

  /** The session's next entry, now and then another one. */
  entry(sessionId: string, further = 0) {
    const next = (this.#entries.get(sessionId) ?? 0) + 1 + further
    const seq = this.chance(0.3) ? this.random.below(3) + 1 : next
    return { seq, from: 'A', to: 'B', event: `{"n":${seq}}`, at: this.now, ms: 1.5 }
  }

  /** The id of a redemption that there is, seldom, or else a new one. */
  newRedemption(): string {
    if (this.chance(0.04)) return this.known().claim.redemptionId
    this.#redemptions += 1
    return `r${this.#redemptions}`
  }

  /** Counts the redemptions that were drawn. */
  get turn(): number {
    return this.#redemptions
  }

  newRequest(): string {
    this.#redemptions += 1
    return `q${this.#redemptions}`
  }

  tallyId(): string {
    return this.chance(0.5) ? this.pick(TALLIES) : this.known().claim.tallyId
  }

  /** The id of a tally whose database may be owed to be removed. */
  owedTallyId(): string {
    if (this.#isFocused()) return this.#focus.claim.tallyId
    return this.chance(0.6) ? 'x0' : this.tallyId()
  }

  owner(): string {
    return this.#isFocused() ? OWNERS[0] : this.pick(OWNERS)
  }

  #isFocused(): boolean {
    return this.#focused > 0 && this.chance(0.85)
  }

  lease(): Lease {
    return { owner: this.owner(), until: this.now + this.random.below(60_000) }
  }

  grant(tokenId: string = this.pick(TOKENS)): Grant {
    const own = ownTokens().find(({ id }) => id === tokenId)
    if (own !== undefined) {
      const { uses: usesAllowed, role, expiresAt, required, optional, terms } = own
      // Now and then a hook does not say that it is by hand.
      const byHand = own.byHand === true && this.turn % 7 !== 0 ? { byHand: true as const } : {}
      const grant = { tokenId, usesAllowed, role, expiresAt, required, optional, terms, ...byHand }
      // Now and then of terms that are no longer offered; by turns, so that all else stays as the seed has always drawn it.
      return {
        ...grant,
        ...(this.turn % 3 === 0 ? {} : { revision: this.turn % 11 === 0 ? 1 : 0 }),
      }
    }
    const [usesAllowed, expiresAt] = [
      this.pick([1, 2, null]),
      BEGINNING + this.pick([8, 60]) * MINUTE,
    ]
    const terms = this.turn % 3 === 0 ? { price: this.turn % 2 } : null
    const rest = { required: [], optional: ['name'], terms }
    const byHand = this.maybe({ byHand: true as const }, 0.2)
    return { tokenId, usesAllowed, role: 'foil', expiresAt, ...rest, ...byHand }
  }

  signature(): string {
    return Buffer.from(this.random.bytes(64)).toString('base64url')
  }
}

const UNKNOWN: Known = {
  claim: { redemptionId: 'r0', fence: 1, use: 1, tallyId: 'x0', approvedAt: BEGINNING },
  tokenId: 't1',
  peerId: 'bob',
}

/** The answer to a redemption. */
export function answerOf(redemptionId: string) {
  const payload = new TextEncoder().encode(`the answer to ${redemptionId}`)
  return { payload, hash: sha256Hex(payload) }
}
