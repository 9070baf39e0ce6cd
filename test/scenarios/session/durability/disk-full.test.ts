import { expect, test } from 'vitest'
import { contactOf, scriptedInvitee } from '../../../support/session/scripted-peer.ts'
import { settle, World } from '../../../support/session/world.ts'

test('without room on the disk newcomers are told so before anything is written, and who is under way goes on', async () => {
  const gate = Promise.withResolvers<void>()
  const world = new World({
    inviter: {
      hooks: (own) => ({
        ...own,
        database: {
          provision: async (...all) => {
            await gate.promise
            return await own.database.provision(...all)
          },
        },
      }),
    },
  })
  const link = world.invite({ usesAllowed: null })
  const first = world.redeem(link)
  await settle()
  world.alice.manager.suspend(true)
  const records = [...world.alice.store.repositories.audit.rows()].length
  const stranger = world.stranger(3)
  const second = scriptedInvitee(world, stranger)
  await second.say(contactOf(link, stranger))
  expect(second.refusal).toBe('busy')
  expect([...world.alice.store.repositories.audit.rows()]).toHaveLength(records)
  expect(world.alice.manager.admission.refused).toMatchObject({ disk: 1 })
  gate.resolve()
  expect(await first).toMatchObject({ completed: true })
  world.alice.manager.suspend(false)
  expect(await world.redeemed(link, {}, world.stranger(4))).toMatchObject({ completed: true })
})
