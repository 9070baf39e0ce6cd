import { setTimeout as sleep } from 'node:timers/promises'
import { createFileHooks } from '../../../src/hooks/file/create-file-hooks.ts'
import type { DatabaseHook } from '../../../src/hooks/session-hooks.ts'
import { generatePrivateKeyBytes } from '../../../src/network/identity/key-bytes.ts'
import { Redeemer } from '../../../src/service/redeeming/redeemer.ts'
import { openDataDirectory } from '../../../src/store/directory/data-directory.ts'
import { ensureKey } from '../../../src/store/directory/key-file.ts'
import { isProcessGone, takeProcessName } from '../../../src/store/directory/process-name.ts'
import { openMarkedStore } from '../../../src/store/transaction/open-marked-store.ts'

/** Long enough to be stopped in. */
const CHECK_MS = 500

/**
 * Redeems a link as `taleus bootstrap` does, but tells on stdout when it checks what it got, and is slow in that;
 * then tells the outcome.
 */
async function redeem(path: string, link: string): Promise<void> {
  const directory = openDataDirectory(path)
  const key = ensureKey(directory, generatePrivateKeyBytes)
  const store = await openMarkedStore(directory)
  const own = createFileHooks({ store, eventFile: `${path}/events.jsonl` })
  const name = takeProcessName(directory)
  const verify: NonNullable<DatabaseHook['verify']> = async (...all) => {
    // Not in the middle of a write, which would hold the store for as long as the process stands still.
    await sleep(CHECK_MS)
    process.stdout.write('checking\n')
    await sleep(CHECK_MS)
    return (await own.database.verify?.(...all)) ?? true
  }
  const database = Object.assign(Object.create(own.database), { verify })
  const redeemer = new Redeemer({
    store,
    key,
    hooks: { ...own, database },
    config: { sessionTimeoutMs: 3_000 },
    process: { id: name.id, isGone: (id) => isProcessGone(directory, id) },
  })
  await redeemer.start()
  const outcome = await redeemer.redeemText(link, {})
  await redeemer.stop()
  name.release()
  store.close()
  process.stdout.write(`${JSON.stringify(outcome)}\n`)
}

const [path = '', link = ''] = process.argv.slice(2)
await redeem(path, link)
