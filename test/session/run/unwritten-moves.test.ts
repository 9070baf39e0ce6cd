import { describe, expect, it } from 'vitest'
import type { Work } from '../../../src/session/ports/work.ts'
import { MAX_UNWRITTEN_MS } from '../../../src/session/run/unwritten-moves.ts'
import { replayProblem } from '../../support/replay-problem.ts'
import { dialerToScript } from '../../support/session/scripted-peer.ts'
import { NOTHING_LEFT, settle, World } from '../../support/session/world.ts'
import { BreakingStore, watched } from '../../support/store-wrappers.ts'

const REFUSAL = {
  type: 'ProvisioningResult',
  approved: false,
  code: 'declined',
  reason: 'no',
} as const

const stateOf = (world: World) => world.bob.sessions[0]?.state

const pathOf = ({ bob }: World) =>
  bob.store.repositories.sessions.entries(bob.sessions[0]?.id ?? '').map(({ to }) => to)

/** Bob waits for an answer that does not come by itself. */
async function waiting(init: ConstructorParameters<typeof World>[0] = {}) {
  const world = new World(init)
  const moves: string[] = []
  world.bob.manager.on('session', ({ state }) => moves.push(state))
  const dialer = dialerToScript(world, () => undefined)
  const request = { link: world.invite(), identity: {}, cadre: [] }
  const outcome = world.bob.manager.redeem(request, dialer)
  outcome.catch(() => undefined)
  await settle()
  return { world, outcome, moves, peer: dialer.peers[0] }
}

describe('a move on whose strength nothing leaves', () => {
  it('is written with the next one, as a line of its own', async () => {
    const { world, outcome, moves, peer } = await waiting()
    expect(stateOf(world)).toBe('SENDING_REQUEST')
    expect(moves).toEqual(['CONNECTING', 'SENDING_REQUEST'])
    await world.pass(MAX_UNWRITTEN_MS / 2, 10)
    await peer?.say(REFUSAL)
    expect(await outcome).toMatchObject({ reason: 'declined', step: 'AWAITING_RESPONSE' })
    expect(moves).toEqual(['CONNECTING', 'SENDING_REQUEST', 'AWAITING_RESPONSE', 'FAILED'])
    const [session] = world.bob.sessions
    expect(session?.steps?.at(-1)).toMatchObject({
      state: 'AWAITING_RESPONSE',
      ms: MAX_UNWRITTEN_MS / 2,
    })
    expect(pathOf(world)).toEqual(['CONNECTING', 'SENDING_REQUEST', 'AWAITING_RESPONSE', 'FAILED'])
    expect(session && replayProblem(world.bob.store, session)).toBeUndefined()
    expect(world.leftovers).toEqual(NOTHING_LEFT)
  })

  it('is written by itself if none follows in a moment', async () => {
    const { world, outcome, moves, peer } = await waiting()
    await world.pass(MAX_UNWRITTEN_MS, 10)
    expect(stateOf(world)).toBe('AWAITING_RESPONSE')
    expect(pathOf(world)).toEqual(['CONNECTING', 'SENDING_REQUEST', 'AWAITING_RESPONSE'])
    expect(moves).toEqual(['CONNECTING', 'SENDING_REQUEST', 'AWAITING_RESPONSE'])
    await peer?.say(REFUSAL)
    await outcome
    expect(pathOf(world)).toEqual(['CONNECTING', 'SENDING_REQUEST', 'AWAITING_RESPONSE', 'FAILED'])
    expect(world.leftovers).toEqual(NOTHING_LEFT)
  })

  it('ends the session if somebody else has taken the attempt meanwhile', async () => {
    const { world, outcome } = await waiting()
    const { attempts } = world.bob.store.repositories
    for (const owner of attempts.holders().concat('')) attempts.freeAll(owner)
    await world.pass(MAX_UNWRITTEN_MS, 10)
    expect(await outcome).toMatchObject({ reason: 'superseded', step: 'AWAITING_RESPONSE' })
    expect(world.leftovers).toEqual(NOTHING_LEFT)
  })

  it.each(['fails', 'is lost'] as const)('ends it if the store %s', async (how) => {
    let store: BreakingStore | undefined
    const { world, outcome, moves } = await waiting({
      invitee: { store: (own) => (store = new BreakingStore(own)) },
    })
    if (store !== undefined) Object.assign(store, { failAt: store.calls + 1, how })
    await world.pass(MAX_UNWRITTEN_MS, 10)
    await expect(outcome).rejects.toThrow()
    expect(moves).not.toContain('AWAITING_RESPONSE')
    expect(world.leftovers).toEqual(NOTHING_LEFT)
  })
})

describe('a whole exchange', () => {
  it.each([
    { initiatorRole: 'stock', saves: 4 },
    { initiatorRole: 'foil', saves: 5 },
  ] as const)('saves the invitee’s session $saves times ($initiatorRole)', async (wish) => {
    let saves = 0
    const count = (work: Work): void => {
      saves += work.filter(({ op }) => op === 'saveSession').length
    }
    const world = new World({
      invitee: {
        store: (own) => watched(own, count),
      },
    })
    const { initiatorRole } = wish
    expect(await world.redeemed(world.invite({ initiatorRole }))).toMatchObject({ completed: true })
    expect(saves).toBe(wish.saves)
  })
})
