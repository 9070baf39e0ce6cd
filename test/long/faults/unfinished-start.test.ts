import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { recoverAll } from '../../../src/service/listener/recovery.ts'
import { SYSTEM_CLOCK } from '../../../src/session/clock/system-clock.ts'
import { openDataDirectory } from '../../../src/store/directory/data-directory.ts'
import { redemptionRecords } from '../../../src/store/records/redemption-records.ts'
import { openStore } from '../../../src/store/transaction/store.ts'
import { dataDirectory, listener, taleus } from '../../e2e/support/cli.ts'
import { readNow } from '../../support/store/read-now.ts'

const MAKER = fileURLToPath(new URL('../../../bench/store/unfinished-store.ts', import.meta.url))

/** A directory whose listener was killed with that many redemptions under way. */
async function unfinished(count: number): Promise<string> {
  const directory = await dataDirectory()
  const maker = spawn(process.execPath, [MAKER, directory, String(count)], { stdio: 'inherit' })
  expect(await once(maker, 'close')).toEqual([null, 'SIGKILL'])
  return directory
}

/** Processor time that recovery takes, ms: the machine's other work does not count. */
async function recoveryMs(directory: string): Promise<number> {
  const store = openStore(join(directory, 'taleus.db'))
  const before = process.cpuUsage()
  await recoverAll({ store, directory: openDataDirectory(directory), clock: SYSTEM_CLOCK })
  const { user, system } = process.cpuUsage(before)
  store.close()
  return (user + system) / 1_000
}

function openStates(directory: string) {
  const store = openStore(join(directory, 'taleus.db'))
  try {
    const redemptions = readNow(store, () => redemptionRecords.unfinished(10_000))
    return {
      redemptions: redemptions.map(({ id, state }) => `${id} ${state}`),
      sessions: store.read(({ sessions }) => sessions.open('listener', Date.now(), 10_000).length),
    }
  } finally {
    store.close()
  }
}

test('a listener that starts over many unfinished redemptions closes their sessions and keeps their uses', async () => {
  const directory = await unfinished(900)
  const before = openStates(directory)
  expect(before.redemptions).toHaveLength(900)
  expect(before.sessions).toBe(600)
  const listening = await listener(directory)
  expect(await listening.stop()).toBe(0)
  expect(openStates(directory)).toEqual({ ...before, sessions: 0 })
  expect((await taleus(directory, ['audit', 'verify'])).code).toBe(0)
})

test('what recovery costs grows with what there is to recover, and not faster', async () => {
  const [few, many] = [await unfinished(300), await unfinished(2_400)]
  const warmUp = await dataDirectory()
  cpSync(many, warmUp, { recursive: true })
  await recoveryMs(warmUp)
  const ratio = (await recoveryMs(many)) / (await recoveryMs(few))
  // Eight times as much; sixty-four times if each looked at all the others.
  expect(ratio).toBeLessThan(28)
})
