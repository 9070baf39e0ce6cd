import { expect, test } from 'vitest'
import { recoverSessions } from '../../../../src/session/recovery/recover-sessions.ts'
import { MAX_UNWRITTEN_MS } from '../../../../src/session/run/unwritten-moves.ts'
import { dialerToScript, type ScriptedPeer } from '../../../support/session/scripted-peer.ts'
import { type TestNode, World } from '../../../support/session/world.ts'

/** Recovery beside a process that is redeeming, as a listener that starts would do it. */
function recover({ store, clock }: TestNode) {
  return recoverSessions({ store, clock }, 'dialer')
}

/** Bob waits for an answer that does not come. */
async function waiting() {
  const world = new World()
  const dialer = dialerToScript(world, () => undefined)
  const request = { link: world.invite(), identity: {}, cadre: [] }
  const outcome = world.bob.manager.redeem(request, dialer)
  await world.pass(MAX_UNWRITTEN_MS, MAX_UNWRITTEN_MS)
  return { world, outcome, peer: (): ScriptedPeer | undefined => dialer.peers[0] }
}

test('a redeeming session of another process that is alive is left alone', async () => {
  const { world, outcome, peer } = await waiting()
  expect(await recover(world.bob)).toEqual([])
  const refusal = { approved: false, code: 'declined', reason: 'no' } as const
  await peer()?.say({ type: 'ProvisioningResult', ...refusal })
  expect(await outcome).toMatchObject({ reason: 'declined' })
  expect(world.bob.storeFailures).toEqual([])
})

test('one that can not be alive any more is closed', async () => {
  const { world } = await waiting()
  // Its process is gone: nothing of it hears the clock.
  const later = { now: () => world.clock.now() + 60_000, monotonic: () => 0 }
  const clock = { ...later, after: () => ({ clear: () => undefined }) }
  const recovered = await recoverSessions({ store: world.bob.store, clock }, 'dialer')
  expect(recovered).toMatchObject([{ side: 'dialer', state: 'AWAITING_RESPONSE' }])
})
