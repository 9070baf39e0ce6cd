import { expect, test } from 'vitest'
import { recoverAll } from '../../../src/service/listener/recovery.ts'
import { recoverStopped } from '../../../src/service/maintenance/recover-stopped.ts'
import type { LostUse } from '../../../src/session/ports/tally.ts'
import { openDataDirectory } from '../../../src/store/directory/data-directory.ts'
import { takeProcessLock } from '../../../src/store/directory/process-lock.ts'
import { usageRecords } from '../../../src/store/records/usage-records.ts'
import { openMemoryStore } from '../../../src/store/transaction/store.ts'
import { temporaryDirectory } from '../../support/cli/temporary-directory.ts'
import { readNow } from '../../support/store/read-now.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

const LOST: LostUse = {
  lostBy: 'here',
  redemptionId: 'redemption-1',
  tokenId: 'token-1',
  peerId: 'peer-1',
  tallyId: 'tally-1',
  at: 1_000,
}

test.each([
  ['here', 'this store knows nothing of it'],
  ['inviter', 'the inviter says that it does not know this tally'],
] as const)('a tally that was lost %s is reported, in a dry run too', async (lostBy, words) => {
  const store = openMemoryStore()
  await store.write(({ lostUses }) => void lostUses.note({ ...LOST, lostBy }))
  const directory = openDataDirectory(await temporaryDirectory())
  const { things } = await recoverAll({ store, directory, clock: new VirtualClock() }, true)
  expect(things).toMatchObject([{ kind: 'lost', id: 'tally-1', decision: 'talk' }])
  expect(things[0]?.why).toContain(words)
  expect(readNow(store, () => usageRecords.counts())).toMatchObject({ lostUses: 1 })
  store.close()
})

test('a dry run reports it beside a running listener, a recovery does not begin', async () => {
  const store = openMemoryStore()
  await store.write(({ lostUses }) => void lostUses.note({ ...LOST, lostBy: 'inviter' }))
  const directory = openDataDirectory(await temporaryDirectory())
  const listener = takeProcessLock(directory.lockFile)
  const ports = { store, directory, clock: new VirtualClock() }
  const { sessions, things } = await recoverStopped(ports, true)
  expect({ sessions, things }).toMatchObject({ sessions: [], things: [{ id: 'tally-1' }] })
  await expect(recoverStopped(ports, false)).rejects.toMatchObject({ code: 'listener_running' })
  listener?.release()
  store.close()
})
