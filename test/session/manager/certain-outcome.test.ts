import { join } from 'node:path'
import { beforeEach, expect, it } from 'vitest'
import type { Dialer } from '../../../src/session/ports/dialer.ts'
import { sessionRecords } from '../../../src/store/records/session-records.ts'
import { openStore, type Store } from '../../../src/store/transaction/store.ts'
import { temporaryDirectory } from '../../support/cli/temporary-directory.ts'
import { World } from '../../support/session/world.ts'
import { readNow } from '../../support/store/read-now.ts'

let store: Store
let world: World

/** Bob's store writes what may wait when it must, and not before. */
beforeEach(async () => {
  store = openStore(join(await temporaryDirectory(), 'taleus.db'), { patienceMs: 3_600_000 })
  world = new World({ invitee: { store: () => store } })
})

it('a drain waits for no patience: what may wait for other work is written at once', async () => {
  expect(await world.redeem(world.invite())).toMatchObject({ completed: true })
  expect(await world.bob.manager.drain(0)).toEqual({ cut: 0, parked: 0 })
  expect(readNow(store, () => sessionRecords.list({ limit: 2 }))).toMatchObject([
    { state: 'COMPLETED' },
  ])
  store.close()
})

it('whoever hears of a certain outcome finds the stream on its way to its end, with the acknowledgment before it', async () => {
  const dialer = world.dialerOf(world.bob)
  let isClosed = false
  const dial: Dialer['dial'] = async (...all) => {
    const transport = await dialer.dial(...all)
    const close = transport.close.bind(transport)
    const noted = (): Promise<void> => {
      isClosed = true
      return close()
    }
    return Object.assign(transport, { close: noted })
  }
  const request = { link: world.invite(), identity: {}, cadre: [] }
  const outcome = await world.bob.manager.redeem(request, { ...dialer, dial })
  expect(outcome).toMatchObject({ completed: true })
  expect(isClosed).toBe(true)
  await world.bob.manager.drain(0)
  store.close()
})
