import fc from 'fast-check'
import { expect } from 'vitest'
import type { Claim, Grant } from '../../../../src/session/machine/listener-state.ts'
import type { SessionStore } from '../../../../src/session/ports/store.ts'
import type { Prospect, ReserveOutcome } from '../../../../src/session/ports/uses/reservation.ts'
import type { Work, WorkOutcome } from '../../../../src/session/ports/work.ts'
import type { AnswerTo, Write } from '../../../../src/session/ports/write.ts'
import { grantOf, requestOf, responseOf } from '../../../store/fixtures.ts'
import type { OpenEngine } from '../engine.ts'
import { factsOf, toCommit, toRelease, toReserve } from '../store-driver.ts'
import type { UseModel } from './use-model.ts'

/** Short, so that reservations lapse within a run. */
const HOLD = 300

const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('reserve' as const),
      peer: fc.integer({ min: 0, max: 4 }),
      boot: fc.integer({ min: 0, max: 2 }),
      content: fc.integer({ min: 0, max: 5 }).map((each) => (each === 0 ? 1 : 0)),
      another: fc.boolean(),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constantFrom('approve', 'intend', 'delegate', 'commit', 'release', 'confirm'),
      claim: fc.nat(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('lapse' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      ms: fc.integer({ min: 1, max: 250 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('revoke' as const) }) },
)

export type UseStep = typeof step extends fc.Arbitrary<infer Value> ? Value : never

/** How often a token may be used; `null` for ever. */
export const anyUses = fc.constantFrom(1, 1, 2, 3, null)

export const anySteps = fc.array(step, { minLength: 5, maxLength: 40 })

/** Drives an engine and the model side by side. */
export class UseWalk {
  readonly #model: UseModel
  readonly #grant: Grant
  readonly #claims: Claim[] = []
  readonly #stored = new Map<string, Uint8Array>()
  readonly #isPatient: boolean
  readonly #underWay: Promise<void>[] = []
  #highestFence = 0

  /** @param isPatient each step waits until the one before is durable, as it must be for another process to see it */
  constructor(model: UseModel, tokenId: string, isPatient: boolean) {
    this.#model = model
    this.#isPatient = isPatient
    this.#grant = { ...grantOf(tokenId, model.uses), expiresAt: model.expiresAt }
  }

  async take(each: UseStep, { store, revokeToken }: OpenEngine): Promise<void> {
    switch (each.do) {
      case 'reserve':
        return this.#reserve(each, store)
      case 'wait':
        this.#model.now += each.ms
        return
      case 'revoke':
        this.#model.revoked = true
        return revokeToken(this.#grant.tokenId, this.#model.now)
      case 'lapse':
        return this.#lapse(store)
      default: {
        const claim = this.#claims[each.claim % Math.max(1, this.#claims.length)]
        if (claim !== undefined) await this.#write(each.do, claim, store)
      }
    }
  }

  async #reserve(each: Extract<UseStep, { do: 'reserve' }>, store: SessionStore): Promise<void> {
    const model = this.#model
    const request = requestOf(this.#grant, `peer-${each.peer}`, {
      bootstrapId: `boot-${each.peer}-${each.boot}`,
      requestHash: `content-${each.boot}-${each.content}`,
      another: each.another,
      now: model.now,
      reservedUntil: model.now + HOLD,
    })
    const expected = model.expect(request)
    const mine = model.earlier(request)
    const fresh = mine === undefined ? model.lowestFreeUse() : mine.use
    expect(foretold(await store.lookups.redemptions.prospect(request))).toBe(
      model.foretell(request),
    )
    const outcome = await this.#answerOf(store, toReserve(request))
    expect(said(outcome)).toBe(expected)
    if (!('claim' in outcome)) return
    const { claim } = outcome
    expect(claim.use).toBe(fresh)
    if (mine?.state !== 'committed') {
      expect(claim.fence).toBeGreaterThan(this.#highestFence)
      this.#highestFence = claim.fence
      this.#claims.push(claim)
    }
    model.granted(request, claim)
  }

  async #write(what: string, claim: Claim, store: SessionStore): Promise<void> {
    const model = this.#model
    const { now } = model
    const { redemptionId } = claim
    const { payload, hash } = responseOf(redemptionId)
    const facts = factsOf()
    const { tokenId } = this.#grant
    switch (what) {
      case 'approve': {
        const { fate, entry } = model.allowed(claim, 'approve')
        expect(await this.#fateOf(store, { op: 'approve', claim, facts })).toBe(fate)
        if (entry !== undefined) entry.approval = 'given'
        return
      }
      case 'intend': {
        const { fate, entry } = model.allowed(claim, 'intend')
        expect(await this.#fateOf(store, { op: 'intendProvision', claim, now, facts })).toBe(fate)
        if (entry !== undefined) Object.assign(entry, { state: 'provisioning', approval: 'used' })
        return
      }
      case 'delegate': {
        const { fate, entry } = model.allowed(claim, 'delegate')
        const until = now + 2 * HOLD
        const write = { op: 'delegate', claim, tokenId, response: payload, facts } as const
        expect(await this.#fateOf(store, { ...write, reservedUntil: until })).toBe(fate)
        const approval = 'used' as const
        if (entry !== undefined) Object.assign(entry, { state: 'delegated', until, approval })
        return
      }
      case 'commit': {
        const entry = model.writable(claim, 'reserved', 'provisioning', 'delegated')
        const write = toCommit(claim, { grant: this.#grant, now })
        expect(await this.#fateOf(store, write)).toBe(entry === undefined ? 'fence' : 'applied')
        if (entry === undefined) return
        entry.state = 'committed'
        this.#stored.set(redemptionId, payload)
        return
      }
      case 'release': {
        const entry = model.writable(claim, 'reserved', 'provisioning', 'delegated')
        const { isReleased } = await this.#answerOf(store, toRelease(claim, tokenId))
        expect(isReleased).toBe(entry !== undefined)
        if (entry !== undefined) entry.state = 'released'
        return
      }
      default: {
        const entry = model.entries.get(redemptionId)
        const write = { op: 'confirm', redemptionId, responseHash: hash, now } as const
        const answer = await this.#answerOf(store, { ...write, facts: factsOf(entry?.peer) })
        expect(answer.isKnown).toBe(entry?.state === 'committed')
      }
    }
  }

  async #lapse(store: SessionStore): Promise<void> {
    const { now, live } = this.#model
    const { tokenId } = this.#grant
    const due = live.filter((each) => each.state !== 'committed' && each.until < now)
    const all = await store.lookups.redemptions.lapsed(now, 100_000)
    const lapsed = all.filter((each) => each.tokenId === tokenId)
    expect(lapsed).toHaveLength(due.length)
    const work = lapsed.map(({ claim }) => toRelease(claim, tokenId))
    const outcome = await this.#outcomeOf(store, work)
    const answers = outcome.kind === 'applied' ? outcome.answers : []
    expect(answers).toEqual(due.map(() => ({ isReleased: true })))
    for (const each of due) each.state = 'released'
  }

  /** No more uses are given than there are, and both tell the same story. */
  async check({ inspect }: OpenEngine): Promise<void> {
    const model = this.#model
    const token = await inspect.token(this.#grant.tokenId)
    expect(token).toMatchObject({
      used: model.count('committed'),
      reserved: model.count('reserved', 'provisioning', 'delegated'),
    })
    if (token === undefined || token.uses === null) return
    expect(token.used + token.reserved).toBeLessThanOrEqual(token.uses)
  }

  /** Everything was kept that was told. */
  async checkBytes({ store: { lookups } }: OpenEngine): Promise<void> {
    await Promise.all(this.#underWay)
    for (const [redemptionId, bytes] of this.#stored) {
      expect(await lookups.redemptions.response(redemptionId)).toEqual(bytes)
      expect(await lookups.tallies.ofRedemption(redemptionId)).toBeDefined()
    }
  }

  async #outcomeOf(store: SessionStore, work: Work): Promise<WorkOutcome> {
    const { outcome, durable } = store.submit(work)
    this.#underWay.push(durable)
    const known = await outcome
    if (this.#isPatient) await durable
    return known
  }

  async #fateOf(store: SessionStore, write: Write): Promise<string> {
    const outcome = await this.#outcomeOf(store, [write])
    return outcome.kind === 'lost' ? outcome.why : 'applied'
  }

  async #answerOf<Each extends Extract<Write, { readonly op: keyof AnswerTo }>>(
    store: SessionStore,
    write: Each,
  ): Promise<AnswerTo[Each['op']]> {
    const outcome = await this.#outcomeOf(store, [write])
    if (outcome.kind === 'lost') throw new Error(`lost: ${outcome.why}`)
    // The engine answers each write by its place.
    return outcome.answers[0] as AnswerTo[Each['op']]
  }
}

function foretold(prospect: Prospect): string {
  if (prospect.kind === 'refused') return prospect.code
  return prospect.kind === 'own' && prospect.isAnswered ? 'answered' : prospect.kind
}

function said(outcome: ReserveOutcome): string {
  return outcome.kind === 'refused' ? outcome.code : outcome.kind
}
