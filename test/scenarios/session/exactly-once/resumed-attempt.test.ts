import { describe, expect, it } from 'vitest'
import { World } from '../../../support/session/world.ts'

describe('an attempt that is taken up again', () => {
  it('is the same request to the last bit, although it is not asked for in the same words', async () => {
    const world = new World()
    const link = world.invite({ initiatorRole: 'foil', usesAllowed: null })
    await world.redeemed(link, { identity: { name: 'Bob' } })
    const lostReceipt = (side: string, nth: number) => side === 'listener' && nth === 3
    world.faults = {
      fate: (side, _payload, nth) => (lostReceipt(side, nth) ? 'cut' : 'deliver'),
    }
    const again = await world.redeemed(link, { identity: { name: 'Bob' }, another: true })
    expect(again).toMatchObject({ completed: false })
    const heldTallyId = again.completed ? undefined : again.heldTallyId
    expect(heldTallyId).toBeDefined()
    world.faults = {}
    // Neither `another` nor the identity is said again: what is held was built from what was said then.
    const third = await world.redeemed(link)
    expect(third).toMatchObject({ completed: true, tallyId: heldTallyId })
    expect(await world.alice.tallies).toHaveLength(2)
  })
})
