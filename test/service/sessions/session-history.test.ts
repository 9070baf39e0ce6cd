import { describe, expect, it, onTestFinished } from 'vitest'
import { listSessions, sessionHistory } from '../../../src/service/sessions/session-history.ts'
import { openMemoryStore, type Store } from '../../../src/store/transaction/store.ts'

const SESSION = {
  id: 'q4hz',
  side: 'listener',
  state: 'FAILED',
  peerId: '12D3KooWBob',
  startedAt: 1_000,
} as const

function entry(seq: number, from: string, to: string) {
  return { seq, from, to, event: '{"secret":"x"}', at: 1_000 + seq, ms: seq / 2 }
}

async function storeWithSession(): Promise<Store> {
  const store = openMemoryStore()
  onTestFinished(() => store.close())
  await store.write(({ sessions, audit }) => {
    sessions.save(SESSION, [
      entry(1, 'CREATED', 'READING_REQUEST'),
      entry(2, 'READING_REQUEST', 'READING_REQUEST'),
      entry(3, 'READING_REQUEST', 'FAILED'),
    ])
    for (const sessionId of ['q4hz', 'other']) {
      audit.append({
        type: 'state',
        severity: 'info',
        at: 1_003,
        monotonic: 1,
        sessionId,
        data: { path: ['READING_REQUEST', 'FAILED'] },
      })
    }
  })
  return store
}

describe('a session’s history', () => {
  it('is its changes of state, without what was heard inside one', async () => {
    const { transitions } = await sessionHistory(await storeWithSession(), SESSION)
    expect(transitions).toEqual([
      { seq: 1, from: 'CREATED', to: 'READING_REQUEST', at: 1_001, ms: 0.5 },
      { seq: 3, from: 'READING_REQUEST', to: 'FAILED', at: 1_003, ms: 1.5 },
    ])
  })

  it('has its own audit records and nobody else’s', async () => {
    const { audit } = await sessionHistory(await storeWithSession(), SESSION)
    expect(audit).toMatchObject([{ v: 2, seq: 1, monotonic: 1, type: 'state', sessionId: 'q4hz' }])
  })

  it('that is not there is empty', async () => {
    const nobody = { ...SESSION, id: 'nobody' }
    expect(await sessionHistory(await storeWithSession(), nobody)).toMatchObject({
      transitions: [],
      audit: [],
    })
  })
})

describe('the list of sessions', () => {
  it.each([
    [{}, ['q4hz']],
    [{ state: 'FAILED', side: 'listener', peerId: 'WBob', since: 1_000 }, ['q4hz']],
    [{ state: 'COMPLETED' }, []],
    [{ side: 'dialer' }, []],
    [{ since: 1_001 }, []],
    [{ tokenId: 'k3' }, []],
  ] as const)('with %j is %j', async (filter, ids) => {
    const sessions = await listSessions(await storeWithSession(), { limit: 10, ...filter })
    expect(sessions.map(({ id }) => id)).toEqual(ids)
  })
})
