import { describe, expect, it } from 'vitest'
import { GuardTurns } from '../../../src/service/sync/guard-turns.ts'
import { PartnerGuard } from '../../../src/service/sync/partner-guard.ts'

/** As many as there are turns, and one more. */
const NAMES = ['alice', 'bob', 'carol'] as const

/** Guards of three partners, of whom two can have a thread at a time; no thread is started. */
function threeGuards() {
  const turns = new GuardTurns()
  const silent = Promise.withResolvers<string>()
  const [alice, bob, carol] = NAMES.map((name) => {
    const guard = { guard: () => Object(null), end: async () => undefined }
    const giveUp = (): void => silent.resolve(name)
    return new PartnerGuard({ turns, guard, giveUp, maxKeptWaitingMs: 1 })
  })
  if (alice === undefined || bob === undefined || carol === undefined) throw new Error('three')
  return { alice, bob, carol, silent: silent.promise }
}

const work = async (): Promise<void> => undefined

describe('a partner that has a thread', () => {
  it('and is silent while somebody else waits for one is given up, not the one whose answer is being made', async () => {
    const { alice, bob, carol, silent } = threeGuards()
    await alice.take()
    await bob.take()
    const answering = Promise.withResolvers<void>()
    const busy = bob.during(() => answering.promise)
    await alice.during(work)
    const turn = carol.take()
    expect(await silent).toBe('alice')
    await alice.end()
    await turn
    answering.resolve()
    await busy
    for (const guard of [bob, carol]) await guard.end()
  })

  it('gives it back after a document if somebody waits, and keeps it if nobody does', async () => {
    const { alice, bob, carol } = threeGuards()
    await alice.take()
    await bob.take()
    await alice.rest()
    let hasTurn = false
    const turn = carol.take().then(() => {
      hasTurn = true
    })
    await new Promise((resolve) => setImmediate(resolve))
    expect(hasTurn).toBe(false)
    await alice.rest()
    await turn
    for (const guard of [alice, bob, carol]) await guard.end()
  })
})
