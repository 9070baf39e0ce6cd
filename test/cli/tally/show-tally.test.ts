import { expect, it } from 'vitest'
import { tallyShown, tallyText } from '../../../src/cli/tally/show-tally.ts'
import { hintedFor } from '../../../src/cli/text/hint.ts'
import { settle, TestNode, World } from '../../support/session/world.ts'

const STYLE = { now: 0, relative: false }

it('a tally that its inviter denies is not shown as one that both sides have', async () => {
  const world = new World()
  const link = world.invite()
  await world.redeemed(link)
  const { bob } = world
  const shown = async () => {
    const [tally] = await bob.tallies
    if (tally === undefined) throw new Error('there is no tally')
    const told = await tallyShown(bob.store, tally, bob.peerId)
    const text = tallyText(
      told,
      Number.POSITIVE_INFINITY,
      STYLE,
      hintedFor({ dataDirectory: './bob' }),
    )
    return { deniedAt: told.deniedAt, text: String(text) }
  }
  expect(await shown()).toMatchObject({
    deniedAt: null,
    text: expect.stringContaining('both sides have'),
  })

  const outcome = world.redeem(link, {}, bob, new TestNode(1, world.clock))
  await settle()
  expect(await outcome).toMatchObject({ completed: false, denied: {} })
  const { deniedAt, text } = await shown()
  expect(deniedAt).not.toBeNull()
  expect(text).not.toContain('both sides have it')
  expect(text).toContain('does not know it: taleus recover --dry-run --data-dir ./bob\n')
})
