import { join } from 'node:path'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Claim } from '../../../src/session/machine/listener-state.ts'
import type {
  Prospect,
  ReserveOutcome,
  StoreTransaction,
} from '../../../src/session/ports/store.ts'
import { openMemoryStore, openStore, type Store } from '../../../src/store/transaction/store.ts'
import {
  freshId,
  grantOf,
  requestOf,
  responseOf,
  T0,
  tallyOf,
  tokenToIssue,
} from '../../store/fixtures.ts'
import { temporaryDirectory } from '../../support/cli/temporary-directory.ts'
import { LedgerModel } from '../../support/store/ledger-model.ts'

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
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('revoke' as const) }) },
)

type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never

const uses = fc.constantFrom(1, 1, 2, 3, null)
const steps = fc.array(step, { minLength: 5, maxLength: 40 })

/** Drives the ledger and the model side by side. */
class Walk {
  readonly #model: LedgerModel
  readonly #tokenId: string
  readonly #claims: Claim[] = []
  readonly #stored = new Map<string, Uint8Array>()
  #highestFence = 0

  constructor(model: LedgerModel, tokenId: string) {
    this.#model = model
    this.#tokenId = tokenId
  }

  take(each: Step, store: Store): Promise<void> {
    switch (each.do) {
      case 'reserve':
        return this.#reserve(each, store)
      case 'wait':
        this.#model.now += each.ms
        return Promise.resolve()
      case 'revoke':
        this.#model.revoked = true
        return store.write(({ tokens }) => void tokens.revoke(this.#tokenId, this.#model.now))
      case 'lapse':
        return this.#lapse(store)
      default: {
        if (this.#claims.length === 0) return Promise.resolve()
        const claim = this.#claims[each.claim % this.#claims.length]
        return claim === undefined ? Promise.resolve() : this.#write(each.do, claim, store)
      }
    }
  }

  async #reserve(each: Extract<Step, { do: 'reserve' }>, store: Store): Promise<void> {
    const model = this.#model
    const grant = { ...grantOf(this.#tokenId, model.uses), expiresAt: model.expiresAt }
    const request = requestOf(grant, `peer-${each.peer}`, {
      bootstrapId: `boot-${each.peer}-${each.boot}`,
      requestHash: `content-${each.boot}-${each.content}`,
      another: each.another,
      now: model.now,
      reservedUntil: model.now + HOLD,
    })
    const expected = model.expect(request)
    const mine = model.earlier(request)
    const fresh = mine === undefined ? model.lowestFreeUse() : mine.use
    const prospect = await durable(store, (transaction) => transaction.prospect(request))
    expect(foretold(prospect)).toBe(model.foretell(request))
    const outcome = await durable(store, (transaction) => transaction.reserve(request))
    expect(said(outcome)).toBe(expected)
    if (outcome.kind === 'refused') return
    const { claim } = outcome
    expect(claim.use).toBe(fresh)
    if (mine?.state !== 'committed') {
      expect(claim.fence).toBeGreaterThan(this.#highestFence)
      this.#highestFence = claim.fence
      this.#claims.push(claim)
    }
    model.granted(request, claim)
  }

  async #write(what: string, claim: Claim, store: Store): Promise<void> {
    const model = this.#model
    const { redemptionId, tallyId } = claim
    const { payload, hash } = responseOf(redemptionId)
    switch (what) {
      case 'approve': {
        const { said: expected, entry } = model.allowed(claim, 'approve')
        expect(await durable(store, (each) => each.approve(claim))).toBe(expected)
        if (entry !== undefined) entry.approval = 'given'
        return
      }
      case 'intend': {
        const { said: expected, entry } = model.allowed(claim, 'intend')
        const done = await durable(store, (each) => each.intendProvision(claim, model.now))
        expect(done).toBe(expected)
        if (entry !== undefined) Object.assign(entry, { state: 'provisioning', approval: 'used' })
        return
      }
      case 'delegate': {
        const { said: expected, entry } = model.allowed(claim, 'delegate')
        const until = model.now + 2 * HOLD
        const done = await durable(store, (each) => each.delegate(claim, payload, until))
        expect(done).toBe(expected)
        const approval = 'used' as const
        if (entry !== undefined) Object.assign(entry, { state: 'delegated', until, approval })
        return
      }
      case 'commit': {
        const entry = model.writable(claim, 'reserved', 'provisioning', 'delegated')
        const tally = tallyOf(tallyId, redemptionId)
        const response = { payload, hash }
        const done = await durable(store, (each) =>
          each.commit(claim, tally, { response }, model.now),
        )
        expect(done).toBe(entry !== undefined)
        if (entry !== undefined) {
          entry.state = 'committed'
          this.#stored.set(redemptionId, payload)
        }
        return
      }
      case 'release': {
        const entry = model.writable(claim, 'reserved', 'provisioning', 'delegated')
        const done = await durable(store, (each) => each.release(claim, 'test', model.now))
        expect(done).toBe(entry !== undefined)
        if (entry !== undefined) entry.state = 'released'
        return
      }
      default: {
        const entry = model.entries.get(redemptionId)
        const peer = entry?.peer ?? ''
        const found = await durable(store, (each) =>
          each.confirm(redemptionId, peer, hash, model.now),
        )
        expect(found !== undefined).toBe(entry?.state === 'committed')
      }
    }
  }

  async #lapse(store: Store): Promise<void> {
    const { now, live } = this.#model
    const due = live.filter((each) => each.state !== 'committed' && each.until < now)
    const released = await durable(store, (each) => {
      const lapsed = each.lapsed(now, 100_000).filter(({ tokenId }) => tokenId === this.#tokenId)
      for (const { claim } of lapsed) expect(each.release(claim, 'lapsed', now)).toBe(true)
      return lapsed
    })
    expect(released).toHaveLength(due.length)
    for (const each of due) each.state = 'released'
  }

  /** I1, and that both tell the same story. */
  check(store: Store): void {
    const model = this.#model
    const token = store.repositories.tokens.find(this.#tokenId)
    expect(token).toMatchObject({
      used: model.count('committed'),
      reserved: model.count('reserved', 'provisioning', 'delegated'),
    })
    if (token === undefined || token.uses === null) return
    expect(token.used + token.reserved).toBeLessThanOrEqual(token.uses)
  }

  checkBytes(store: Store): void {
    for (const [redemptionId, bytes] of this.#stored) {
      expect(store.repositories.redemptions.storedResponse(redemptionId)).toEqual(bytes)
      expect(store.repositories.tallies.ofRedemption(redemptionId)).toBeDefined()
    }
  }
}

function foretold(prospect: Prospect): string {
  if (prospect.kind === 'refused') return prospect.code
  return prospect.kind === 'own' && prospect.isAnswered ? 'answered' : prospect.kind
}

function said(outcome: ReserveOutcome): string {
  return outcome.kind === 'refused' ? outcome.code : outcome.kind
}

async function durable<Result>(
  store: Store,
  work: (transaction: StoreTransaction) => Result,
): Promise<Result> {
  const { value, durable: kept } = store.transact(work)
  await kept
  return value
}

async function walk(stores: readonly Store[], limit: number | null, path: readonly Step[]) {
  const model = new LedgerModel(limit)
  const tokenId = freshId('token')
  const [first] = stores
  if (first === undefined) throw new Error('no store')
  await first.write(({ tokens }) =>
    tokens.issue({ ...tokenToIssue(tokenId, limit), expiresAt: model.expiresAt }),
  )
  const both = new Walk(model, tokenId)
  for (const [index, each] of path.entries()) {
    const store = stores[index % stores.length] ?? first
    await both.take(each, store)
    for (const reader of stores) both.check(reader)
  }
  for (const reader of stores) both.checkBytes(reader)
}

it('never gives out more uses than there are, in any order of events', async () => {
  const store = openMemoryStore()
  try {
    await fc.assert(
      fc.asyncProperty(uses, steps, (limit, path) => walk([store], limit, path)),
      { numRuns: 500 },
    )
  } finally {
    store.close()
  }
})

it('never does so with two stores taking turns on one file', async () => {
  const path = join(await temporaryDirectory(), 'taleus.db')
  const stores = [openStore(path), openStore(path)]
  try {
    await fc.assert(
      fc.asyncProperty(uses, steps, (limit, each) => walk(stores, limit, each)),
      { numRuns: 60 },
    )
  } finally {
    for (const store of stores) store.close()
  }
})

it('knows a token from before it began: the model itself can say no', () => {
  const model = new LedgerModel(1)
  const request = requestOf(grantOf('any', 1), 'bob', { now: T0 })
  expect(model.expect(request)).toBe('reserved')
  model.revoked = true
  expect(model.expect(request)).toBe('revoked')
})
