import { beforeEach, describe, expect, it } from 'vitest'
import type { AuditDraft } from '../../../../src/audit/record/record.ts'
import { reportTrail } from '../../../../src/service/trail/report/trail-report.ts'
import { recordExpiredTokens } from '../../../../src/session/upkeep/record-expired-tokens.ts'
import { tokenRecords } from '../../../../src/store/records/token-records.ts'
import { openMemoryStore, type Store } from '../../../../src/store/transaction/store.ts'
import { tokenToIssue } from '../../../store/fixtures.ts'

let store: Store

beforeEach(() => {
  store = openMemoryStore()
  return () => store.close()
})

type Told = Pick<AuditDraft, 'type' | 'data'> & Partial<AuditDraft>

/** One record a second. */
async function tell(...all: readonly Told[]): Promise<void> {
  await store.write(({ audit }) => {
    const from = audit.lastSeq()
    for (const [index, each] of all.entries()) {
      audit.append({ severity: 'info', at: 1_000 * (from + index), monotonic: 0, ...each })
    }
  })
}

const token = (event: string, data = {}): Told => ({ type: 'token', data: { event, ...data } })

const path = (sessionId: string, states: readonly string[], ms: readonly number[], more = {}) =>
  ({
    type: 'state',
    sessionId,
    data: { side: 'listener', path: [...states], ms: [...ms], ...more },
  }) as const

const report = async (period = {}) => reportTrail(store, period, 10_000_000)

describe('a report', () => {
  it('of nothing counts nothing', async () => {
    expect(await report()).toMatchObject({
      records: 0,
      first: undefined,
      anomalies: [],
      commands: {},
    })
  })

  it('counts invitations, and why somebody was refused', async () => {
    await tell(
      token('issued', { role: 'stock' }),
      token('issued', { role: 'stock' }),
      token('issued', { role: 'foil' }),
      token('committed', { createdBy: 'stock' }),
      token('confirmed'),
      token('consumed'),
      token('committed', { createdBy: 'foil' }),
      token('released', { reason: 'lapsed' }),
      token('rejected', { code: 'used' }),
      token('rejected', { code: 'used' }),
      token('rejected', { code: 'expired' }),
      { type: 'security', data: { event: 'refused', reasons: { busy: { count: 7, peers: 1 } } } },
      { type: 'security', data: { event: 'refused', reasons: { busy: { count: 2, peers: 1 } } } },
    )
    expect((await report()).invitations).toEqual({
      issued: { stock: 2, foil: 1 },
      revoked: 0,
      redeemed: 2,
      confirmed: 2,
      usedUp: 1,
      released: { lapsed: 1 },
      withdrawn: 0,
      declined: 0,
      refused: { used: 2, expired: 1 },
      strangers: { busy: 9 },
      expired: 0,
    })
  })

  it('counts what ran out with a use left', async () => {
    await store.transact(function* () {
      for (const [id, expiresAt] of [
        ['early', 1_000],
        ['in', 5_000],
        ['late', 20_000_000],
      ] as const) {
        yield* tokenRecords.issue({ ...tokenToIssue(id, 1), expiresAt })
      }
      yield* tokenRecords.issue({ ...tokenToIssue('revoked', 1), expiresAt: 5_000 })
      yield* tokenRecords.revoke('revoked', 1)
    })
    expect((await report()).invitations.expired).toBe(2)
    expect((await report({ since: 2_000, until: 9_000 })).invitations.expired).toBe(1)
    expect((await report({ since: 6_000 })).invitations.expired).toBe(0)
    const clock = { now: () => 10_000, monotonic: () => 0 }
    await recordExpiredTokens({
      store,
      clock: { ...clock, after: () => ({ clear: () => undefined }) },
    })
    expect((await report()).invitations.expired).toBe(2)
    expect((await report({ since: 9_000, until: 11_000 })).invitations.expired).toBe(2)
  })

  it('adds up how long a session took over all its records', async () => {
    await tell(
      path('a', ['CREATED', 'READING_REQUEST', 'PROVISIONING_DB'], [1, 2]),
      path('b', ['CREATED', 'READING_REQUEST', 'FAILED'], [1, 500], {
        reason: 'used',
        step: 'READING_REQUEST',
      }),
      path('a', ['PROVISIONING_DB', 'SENDING_RESPONSE'], [90]),
      path('looked', ['CREATED', 'READING_REQUEST', 'COMPLETED'], [0, 4]),
      path('a', ['SENDING_RESPONSE', 'COMPLETED'], [7]),
      path('begun earlier', ['SENDING_RESPONSE', 'COMPLETED'], [1]),
      path('c', ['CREATED', 'TIMEOUT'], [5_000], { reason: 'step_deadline', step: 'CREATED' }),
    )
    const { sessions } = await report()
    expect(sessions).toMatchObject({
      completed: 3,
      failed: 1,
      timedOut: 1,
      endings: { 'used in READING_REQUEST': 1, 'step_deadline in CREATED': 1 },
      durations: { count: 1, maxMs: 100 },
    })
    expect(sessions.durations.p50Ms).toBeCloseTo(100, -1)
  })

  it('names what does not happen when all is well, alarms first', async () => {
    await tell(
      { type: 'database', severity: 'warning', data: { event: 'removal failed' } },
      { type: 'lifecycle', severity: 'warning', data: { event: 'clock.jumped', byMs: -9 } },
      path('a', ['PROVISIONING_DB', 'FAILED'], [0], { reason: 'crashed' }),
      { type: 'database', severity: 'warning', data: { event: 'removal failed' } },
      { type: 'security', severity: 'alarm', data: { event: 'token.reuse', code: 'used' } },
      { type: 'token', severity: 'notice', data: { event: 'declined' } },
    )
    const found = (await report()).anomalies.map(({ what, count, first, last }) => [
      what,
      count,
      first.seq,
      last.seq,
    ])
    expect(found).toEqual([
      ['token.reuse', 1, 5, 5],
      ['removal failed', 2, 1, 4],
      ['clock.jumped', 1, 2, 2],
      ['session crashed', 1, 3, 3],
    ])
  })

  it('is about its period alone', async () => {
    await tell(token('declined'), token('declined'), token('declined'), token('declined'))
    const { records, first, last, invitations } = await report({ since: 1_000, until: 3_000 })
    expect([records, first?.seq, last?.seq, invitations.declined]).toEqual([2, 2, 3, 2])
  })
})
