import { expect, it } from 'vitest'
import type { Urgency, Work } from '../../../src/session/ports/work.ts'
import { World } from '../../support/session/world.ts'
import { ForwardingStore } from '../../support/store-wrappers.ts'

/** The states that were saved, and whether they could wait. */
class NotingStore extends ForwardingStore {
  readonly saved: string[] = []

  override submit(work: Work, urgency: Urgency = 'now') {
    for (const write of work) {
      if (write.op === 'saveSession') this.saved.push(`${write.summary.state} ${urgency}`)
      if (write.op === 'appendLate') this.saved.push(`late ${urgency}`)
    }
    return super.submit(work, urgency)
  }
}

it('only what nobody waits for may wait: the end that follows the last word, and what comes after it', async () => {
  const stores: NotingStore[] = []
  const noted = {
    store: (own: ConstructorParameters<typeof NotingStore>[0]) => {
      const store = new NotingStore(own)
      stores.push(store)
      return store
    },
  }
  const world = new World({ inviter: noted, invitee: noted })
  expect(await world.redeemed(world.invite())).toMatchObject({ completed: true })
  const [inviter = [], invitee = []] = stores.map(({ saved }) => saved)
  expect(inviter).toEqual([
    'PROVISIONING_DB now',
    'SENDING_RESPONSE now',
    'COMPLETED soon',
    'late soon',
  ])
  expect(invitee.at(-1)).toBe('COMPLETED soon')
  expect(invitee.slice(0, -1).every((each) => each.endsWith(' now'))).toBe(true)
})
