import { describe, expect, it } from 'vitest'
import { JournalError, replayJournal } from '../../../src/session/recovery/replay-journal.ts'
import { replayProblem } from '../../support/replay-problem.ts'
import { contactOf, scriptedInvitee } from '../../support/session/scripted-peer.ts'
import { type TestNode, World } from '../../support/session/world.ts'

function expectReplayable(node: TestNode): number {
  for (const summary of node.sessions) {
    expect(replayProblem(node.store, summary)).toBeUndefined()
    const { endedAt, durationMs, steps } = summary
    expect([endedAt, durationMs, steps]).not.toContain(undefined)
  }
  return node.sessions.length
}

/** Every way a session has been seen to go, on one world. */
async function eventful(initiatorRole: 'stock' | 'foil'): Promise<World> {
  // More patient than the invitee, who then gives up first where both wait.
  const world = new World({ inviter: { config: { stepTimeoutMs: 12_000 } } })
  world.alice.manager.start()
  const wish = { initiatorRole, identityRequirements: ['name'], usesAllowed: null }
  const link = world.invite(wish)
  const bob = { identity: { name: 'Bob' } }
  await world.redeemed(link)
  await world.redeemed(link, bob)
  await world.redeemed(link, bob)
  for (const from of ['dialer', 'listener'] as const) {
    for (const nth of [1, 2, 3]) {
      for (const fate of ['cut', 'drop'] as const) {
        world.faults = {
          fate: (side, _payload, n) => (side === from && n === nth ? fate : 'deliver'),
        }
        const outcome = world.redeem(link, { ...bob, another: true })
        await world.pass(32_000, 4_000)
        await outcome
      }
    }
  }
  world.faults = {}
  await scriptedInvitee(world).say(contactOf(link, world.bob, bob))
  const other = contactOf(link, world.bob, { identity: { name: 'Bobby' } })
  await scriptedInvitee(world).say(other)
  const drained = world.alice.manager.drain(0)
  await world.pass(2_000)
  await drained
  return world
}

describe('the journal of every session', () => {
  it.each(['stock', 'foil'] as const)(
    'replayed, gives the state that is stored (%s)',
    async (role) => {
      const world = await eventful(role)
      expect(expectReplayable(world.alice)).toBeGreaterThan(8)
      expect(expectReplayable(world.bob)).toBeGreaterThan(12)
      const states = new Set(world.bob.sessions.map(({ state }) => state))
      expect(states).toEqual(new Set(['COMPLETED', 'FAILED', 'TIMEOUT']))
    },
  )

  it('holds no secret and no draft', async () => {
    const world = await eventful('foil')
    const secret = Buffer.from(new Uint8Array(16).fill(7))
    for (const node of [world.alice, world.bob]) {
      const text = node.sessions
        .flatMap(({ id }) => node.store.repositories.sessions.entries(id))
        .map(({ event }) => event)
        .join('\n')
      expect(text).not.toContain(secret.toString('base64url'))
      expect(text).not.toContain(secret.toString('hex'))
      expect(text).not.toContain('"state\\":\\"draft')
    }
  })

  it('is refused if an entry is missing, or was changed', async () => {
    const world = new World()
    await world.redeemed(world.invite())
    const [summary] = world.alice.sessions
    if (summary === undefined) throw new Error('no session')
    const entries = world.alice.store.repositories.sessions.entries(summary.id)
    expect(() => replayJournal(summary, entries.toSpliced(1, 1))).toThrow(JournalError)
    const altered = entries.map((entry) => ({ ...entry, event: '{"type":"sessionDeadline"}' }))
    expect(() => replayJournal(summary, altered)).toThrow(/leads to TIMEOUT/)
    expect(() => replayJournal({ ...summary, side: 'dialer' }, entries)).toThrow(/plan/)
  })
})
