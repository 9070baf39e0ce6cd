import { beforeEach, describe, expect, it } from 'vitest'
import { ForwardOnlyClock } from '../../../src/session/clock/forward-only-clock.ts'
import type { Claim, Grant } from '../../../src/session/machine/listener-state.ts'
import { written } from '../../../src/session/ports/written.ts'
import { recordExpiredTokens } from '../../../src/session/upkeep/record-expired-tokens.ts'
import { timeRecords } from '../../../src/store/records/time-records.ts'
import { tokenRecords } from '../../../src/store/records/token-records.ts'
import { openMemoryStore, type Store } from '../../../src/store/transaction/store.ts'
import {
  claimOf,
  grantOf,
  HOUR,
  requestOf,
  reserve,
  responseOf,
  tallyOf,
  tokenToIssue,
} from '../../store/fixtures.ts'
import { World } from '../../support/session/world.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

let store: Store
let own: VirtualClock
let clock: ForwardOnlyClock

beforeEach(() => {
  store = openMemoryStore()
  own = new VirtualClock()
  clock = new ForwardOnlyClock(own)
  return () => store.close()
})

async function issue(id: string, uses: number | null, more: object = {}): Promise<void> {
  const expiresAt = clock.now() + HOUR
  await store.transact(() => tokenRecords.issue({ ...tokenToIssue(id, uses), expiresAt, ...more }))
}

const look = () => recordExpiredTokens({ store, clock })

function expired(from: Store = store): readonly object[] {
  return [...from.repositories.audit.rows()]
    .map(({ text }) => JSON.parse(text))
    .filter(({ data }) => data.event === 'expired')
    .map(({ tokenId, type, data: { uses, used } }) => ({ tokenId, type, uses, used }))
}

/** Reserves a use, of an invitation that is as in `issue`. */
async function reserved(id: string, uses: number | null, peer: string) {
  const grant = { ...grantOf(id, uses), expiresAt: clock.now() + HOUR }
  const request = { ...requestOf(grant, peer), now: clock.now(), reservedUntil: clock.now() + HOUR }
  return claimOf(await reserve(store, request))
}

async function committed(claim: Claim, grant: Grant): Promise<void> {
  const tally = tallyOf(claim.tallyId, claim.redemptionId)
  const response = responseOf(claim.redemptionId)
  const now = clock.now()
  const facts = { sessionId: 'session', peerId: 'bob', at: now, monotonic: 0 }
  await written(store, [{ op: 'commit', claim, grant, tally, response, now, facts }])
}

describe('an invitation that runs out with a use left', () => {
  it('is recorded once, however often and by however many it is looked for', async () => {
    await issue('t', 1)
    own.advance(HOUR - 1)
    await look()
    expect(expired()).toEqual([])
    own.advance(1)
    await Promise.all([look(), look()])
    await look()
    expect(expired()).toEqual([{ tokenId: 't', type: 'token', uses: 1, used: 0 }])
  })

  it('is recorded with how many of its uses led to a tally', async () => {
    await issue('shop', null)
    const claim = await reserved('shop', null, 'bob')
    await committed(claim, grantOf('shop', null))
    own.advance(HOUR)
    await look()
    expect(expired()).toEqual([{ tokenId: 'shop', type: 'token', uses: null, used: 1 }])
  })

  it('is not good again, nor recorded again, when the clock is set back', async () => {
    await issue('t', 1)
    own.advance(HOUR)
    await look()
    own.shiftWall(-2 * HOUR)
    await look()
    own.advance(2 * HOUR)
    await look()
    expect(expired()).toHaveLength(1)
  })

  it('runs out again if it did so only by a clock that was wrong', async () => {
    await issue('t', 1)
    const now = clock.now()
    own.shiftWall(2 * HOUR)
    await look()
    await store.transact(() => timeRecords.reset(now, now + HOUR))
    own.shiftWall(-2 * HOUR)
    clock.trust()
    await look()
    expect(expired()).toHaveLength(1)
    own.advance(HOUR)
    await look()
    expect(expired()).toHaveLength(2)
  })

  it('is recorded by a listener without anybody asking', async () => {
    const world = new World()
    const { alice } = world
    alice.manager.start()
    const expiresAt = world.clock.now() + 60_000
    await alice.store.transact(() => tokenRecords.issue({ ...tokenToIssue('t', 1), expiresAt }))
    await world.pass(90_000, 5_000)
    expect(expired(alice.store)).toHaveLength(1)
  })
})

describe('an invitation is not recorded as expired', () => {
  it('if it was revoked, or is a host’s', async () => {
    await issue('revoked', 1)
    await store.write(({ tokens }) => {
      tokens.revoke('revoked', clock.now())
      const { secretHash: _hash, ...foreign } = tokenToIssue('foreign', 1)
      tokens.mirror({ ...foreign, expiresAt: clock.now() })
    })
    own.advance(HOUR)
    await look()
    expect(expired()).toEqual([])
  })

  it('if it was used up; and it is not looked at again', async () => {
    await issue('t', 1)
    const claim = await reserved('t', 1, 'bob')
    await committed(claim, grantOf('t', 1))
    own.advance(HOUR)
    await look()
    expect(expired()).toEqual([])
    expect(store.read(({ expiry }) => expiry.isDue(clock.now()))).toBe(false)
  })

  it('while somebody may yet use it up, but when that use is given back', async () => {
    await issue('t', 1)
    const claim = await reserved('t', 1, 'bob')
    own.advance(HOUR)
    await look()
    expect(expired()).toEqual([])
    await store.write(({ redemptions }) => redemptions.release(claim, 'lapsed', clock.now()))
    await look()
    expect(expired()).toEqual([{ tokenId: 't', type: 'token', uses: 1, used: 0 }])
  })
})

it('many that run out at once are each recorded, the oldest first', async () => {
  for (let n = 0; n < 250; n += 1) {
    await issue(`t${n}`, 1, { expiresAt: clock.now() + 1_000 + ((n * 7) % 250) })
  }
  own.advance(HOUR)
  await look()
  const found = [...store.repositories.audit.rows()].map(
    ({ text }) => JSON.parse(text).data.expiresAt,
  )
  expect(found).toHaveLength(250)
  expect(found).toEqual(found.toSorted((a, b) => a - b))
})
