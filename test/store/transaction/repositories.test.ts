import { beforeEach, describe, expect, it } from 'vitest'
import { openMemoryStore, type Store } from '../../../src/store/transaction/store.ts'
import { verifyRows } from '../../support/audit/verify-rows.ts'
import { auditDraft, issue, summaryOf, T0, tallyOf, tokenToIssue } from '../fixtures.ts'

let store: Store

beforeEach(() => {
  store = openMemoryStore()
  return () => store.close()
})

function entry(seq: number, from = 'A', to = 'B') {
  return { seq, from, to, event: `{"n":${seq}}`, at: T0 + seq, ms: seq + 0.5 }
}

describe('the session log', () => {
  it('keeps a session as it was last saved, and leaves out what is not known', async () => {
    const first = summaryOf('s')
    await store.transact((each) => each.saveSession(first)).durable
    expect(store.repositories.sessions.find('s')).toEqual(first)
    const last = summaryOf('s', {
      state: 'TIMEOUT',
      reason: 'timed_out',
      step: 'PROVISIONING_DB',
      detail: 'slow',
      role: 'foil',
      tokenId: 't',
      redemptionId: 'r',
      tallyId: 'y',
      remoteAddress: '/ip4/192.0.2.7/tcp/1',
      endedAt: T0 + 9,
      durationMs: 9.25,
    })
    await store.transact((each) => each.saveSession(last)).durable
    expect(store.repositories.sessions.find('s')).toEqual(last)
    expect(store.repositories.sessions.find('other')).toBeUndefined()
  })

  it('gives a journal back in order, however it was appended', async () => {
    store.transact((each) => {
      each.saveSession(summaryOf('one'))
      each.saveSession(summaryOf('two'))
      each.appendJournal('one', [entry(1), entry(2)])
      each.appendJournal('two', [entry(1)])
      each.appendJournal('one', [entry(3)])
    })
    expect(store.repositories.sessions.entries('one')).toEqual([entry(1), entry(2), entry(3)])
    expect(store.repositories.sessions.entries('two')).toEqual([entry(1)])
    expect(store.repositories.sessions.entries('none')).toEqual([])
  })

  it('refuses the same step of a journal twice', () => {
    store.transact((each) => each.saveSession(summaryOf('one')))
    store.transact((each) => each.appendJournal('one', [entry(1)]))
    expect(() => store.transact((each) => each.appendJournal('one', [entry(1)]))).toThrow(/UNIQUE/)
  })

  it('lists the newest first, filtered by what is asked', () => {
    store.transact((each) => {
      each.saveSession(summaryOf('aa', { tokenId: 'token-1', startedAt: T0 }))
      each.saveSession(summaryOf('ab', { side: 'dialer', startedAt: T0 + 1 }))
      each.saveSession(summaryOf('bb', { state: 'FAILED', peerId: 'carol', startedAt: T0 + 2 }))
    })
    const { sessions } = store.repositories
    const ids = (filter: object) => sessions.list({ limit: 10, ...filter }).map(({ id }) => id)
    expect(ids({})).toEqual(['bb', 'ab', 'aa'])
    expect(ids({ limit: 1 })).toEqual(['bb'])
    expect(ids({ side: 'dialer' })).toEqual(['ab'])
    expect(ids({ state: 'FAILED' })).toEqual(['bb'])
    expect(ids({ peerId: 'carol' })).toEqual(['bb'])
    expect(ids({ tokenId: 'token' })).toEqual(['aa'])
    expect(ids({ since: T0 + 1 })).toEqual(['bb', 'ab'])
    expect(sessions.startingWith('a').map(({ id }) => id)).toEqual(['ab', 'aa'])
    expect(sessions.startingWith('%')).toEqual([])
  })
})

describe('the audit log', () => {
  const append = (session: string | undefined, event: string) =>
    store.transact((each) => each.appendAudit(auditDraft(session, event)))
  const events = (session: string) =>
    store.repositories.audit.ofSession(session).map(({ text }) => JSON.parse(text).data.event)

  it('is read page by page, whole and in order', () => {
    for (let index = 0; index < 1_501; index += 1) append(undefined, `e${index}`)
    const seqs = [...store.repositories.audit.rows()].map(({ seq }) => seq)
    expect(seqs).toEqual(Array.from({ length: 1_501 }, (_, index) => index + 1))
    expect(verifyRows(store.repositories.audit.rows())).toMatchObject({ ok: true, records: 1_501 })
  })

  it('can be read twice at once, and be written meanwhile', () => {
    for (let index = 0; index < 600; index += 1) append(undefined, `e${index}`)
    const one = store.repositories.audit.rows()
    const two = store.repositories.audit.rows()
    expect([one.next().value?.seq, two.next().value?.seq, one.next().value?.seq]).toEqual([1, 1, 2])
    append(undefined, 'later')
    expect([...one]).toHaveLength(599)
    expect([...two]).toHaveLength(600)
  })

  it('finds what belongs to a session among thousands of others that came between', () => {
    append('early', 'first')
    for (let index = 0; index < 5_000; index += 1) append(`s${index}`, 'only')
    append('early', 'late')
    append('s4999', 'second')
    expect(events('early')).toEqual(['first', 'late'])
    expect(events('s0')).toEqual(['only'])
    expect(events('s4999')).toEqual(['only', 'second'])
    expect(events('unknown')).toEqual([])
  })
})

describe('the tokens', () => {
  it('keeps a token as issued, and gives its hash only to who looks for the secret', async () => {
    const token = { ...tokenToIssue('t', 5), label: 'lunch', required: ['name'], terms: { a: [1] } }
    await store.write(({ tokens }) => tokens.issue(token))
    const { secretHash, ...shown } = token
    const found = { ...shown, used: 0, reserved: 0 }
    expect(store.repositories.tokens.find('t')).toEqual(found)
    expect(store.repositories.tokens.lookUp('t')).toEqual({ token: found, secretHash })
    expect(store.repositories.tokens.startingWith('t')).toEqual([found])
    expect(store.repositories.tokens.lookUp('unknown')).toBeUndefined()
  })

  it('revokes a token once', async () => {
    await issue(store, 't', 1)
    expect(store.repositories.tokens.revoke('t', T0 + 1)).toBe(true)
    expect(store.repositories.tokens.revoke('t', T0 + 2)).toBe(false)
    expect(store.repositories.tokens.revoke('unknown', T0)).toBe(false)
    expect(store.repositories.tokens.find('t')?.revokedAt).toBe(T0 + 1)
  })

  it('has no secret of a token that a foreign hook vouches for', () => {
    const { secretHash: _, ...limits } = tokenToIssue('foreign', 1)
    expect(store.repositories.tokens.mirror(limits)).toBe(true)
    expect(store.repositories.tokens.mirror(limits)).toBe(false)
    expect(store.repositories.tokens.lookUp('foreign')).toBeUndefined()
    expect(store.repositories.tokens.grantOf('foreign')).toMatchObject({ usesAllowed: 1 })
    expect(store.repositories.tokens.grantOf('unknown')).toBeUndefined()
  })
})

describe('the tallies', () => {
  it('that are only held give way to one with another draft; others do not', () => {
    const held = tallyOf('y', 'r', 'held')
    const text = '{"another":"draft"}'
    const other = { ...held, built: { ...held.built, draft: { text, sha256: 'other' } } }
    const kept = (tally: typeof held) =>
      store.transact((each) => {
        each.keepTally(tally)
        return each.findTally('y')
      }).value
    expect(kept(held)).toEqual(held)
    expect(kept(other)).toEqual(other)
    expect(kept({ ...other, status: 'confirmed' })?.status).toBe('confirmed')
    expect(kept(held)).toEqual({ ...other, status: 'confirmed' })
  })

  it('are gone with their chunks when they are discarded', () => {
    store.transact((each) => each.keepTally(tallyOf('y', 'r', 'held')))
    store.repositories.tallies.appendChunk('y', Uint8Array.of(1))
    store.repositories.tallies.appendChunk('y', Uint8Array.of(2))
    expect(store.repositories.tallies.chunks('y')).toEqual([Uint8Array.of(1), Uint8Array.of(2)])
    store.repositories.tallies.replaceLaterChunks('y', Uint8Array.of(3))
    expect(store.repositories.tallies.chunks('y')).toEqual([Uint8Array.of(1), Uint8Array.of(3)])
    store.transact((each) => each.discardTally('y'))
    expect(store.repositories.tallies.find('y')).toBeUndefined()
    expect(store.repositories.tallies.chunks('y')).toEqual([])
  })
})
