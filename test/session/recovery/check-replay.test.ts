import { expect, it } from 'vitest'
import type { JournalEntry, SessionSummary } from '../../../src/session/ports/session-summary.ts'
import { checkReplay } from '../../../src/session/recovery/check-replay.ts'
import { World } from '../../support/session/world.ts'

async function sessions(): Promise<readonly [SessionSummary, readonly JournalEntry[]][]> {
  const world = new World()
  await world.redeemed(world.invite())
  return [world.alice, world.bob].map(({ sessions: [summary], store }) => {
    if (summary === undefined) throw new Error('no session')
    return [summary, store.repositories.sessions.entries(summary.id)]
  })
}

it('a session is what its journal leads to, on either side', async () => {
  for (const [summary, entries] of await sessions()) {
    expect(checkReplay(summary, entries)).toEqual({
      state: 'COMPLETED',
      differences: [],
      broken: undefined,
    })
  }
})

it('whatever was changed in what is stored is named', async () => {
  const changes = {
    state: 'FAILED',
    reason: 'cancelled',
    step: 'CREATED',
    detail: 'x',
    role: 'foil',
    tokenId: 'x',
    redemptionId: 'x',
    tallyId: 'x',
    fence: 99,
    retries: 3,
    durationMs: 1,
  } satisfies Partial<SessionSummary>
  for (const [summary, entries] of await sessions()) {
    for (const [field, value] of Object.entries(changes)) {
      const { differences } = checkReplay({ ...summary, [field]: value }, entries)
      expect(differences.map((each) => each.field)).toEqual([field])
      expect(differences[0]?.stored).toBe(value)
    }
    const steps = summary.steps?.map(({ state, ms }) => ({ state, ms: ms + 1 })) ?? []
    const fields = checkReplay({ ...summary, steps }, entries).differences.map(({ field }) => field)
    expect(fields).toContain('steps')
  }
})

it('a journal with an entry less, or one that is no event, is told', async () => {
  for (const [summary, entries] of await sessions()) {
    const at = 2
    for (const event of ['', '{', 'null', '7', '"sent"', '{"type":"no such event"}']) {
      const altered = entries.with(at, { ...entries[at], event } as JournalEntry)
      const { broken, differences } = checkReplay(summary, altered)
      // An event that means nothing may be one that changes nothing: then the state is missed later.
      expect(broken?.seq ?? differences.length, event).toBeGreaterThan(0)
    }
    expect(checkReplay(summary, entries.toSpliced(1, 1)).broken?.seq).toBe(2)
    expect(checkReplay(summary, entries.slice(0, 2)).differences).not.toEqual([])
  }
})
