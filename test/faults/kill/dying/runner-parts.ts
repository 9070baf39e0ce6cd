import { join } from 'node:path'
import { createFileHooks, type FileHooks } from '../../../../src/hooks/file/create-file-hooks.ts'
import { generatePrivateKeyBytes } from '../../../../src/network/identity/key-bytes.ts'
import {
  type DataDirectory,
  openDataDirectory,
} from '../../../../src/store/directory/data-directory.ts'
import { ensureKey } from '../../../../src/store/directory/key-file.ts'
import { openMarkedStore } from '../../../../src/store/transaction/open-marked-store.ts'
import type { Store } from '../../../../src/store/transaction/store.ts'
import type { ChildOrders } from '../child-orders.ts'
import { KillSwitch } from '../kill-switch.ts'
import { killingHooks } from '../killing-hooks.ts'
import { killOnTheNetwork } from '../killing-network.ts'
import { killingStore } from '../killing-store.ts'

/** All that the runners stand on: what the commands do, with points of death in between. */
export interface RunnerParts {
  readonly directory: DataDirectory
  readonly store: Store
  readonly hooks: FileHooks
  readonly key: Uint8Array
  readonly killer: KillSwitch
}

export async function runnerParts({ directory, death, trace }: ChildOrders): Promise<RunnerParts> {
  process.umask(0o077)
  const tell = (point: string): void => void process.stdout.write(`passed ${point}\n`)
  const killer = new KillSwitch(death, trace === true ? tell : undefined)
  killOnTheNetwork(killer)
  const opened = openDataDirectory(directory)
  const key = ensureKey(opened, generatePrivateKeyBytes)
  const store = await openMarkedStore(opened)
  const eventFile = join(opened.path, 'events.jsonl')
  return {
    directory: opened,
    key,
    killer,
    store: killingStore(store, killer),
    hooks: killingHooks(createFileHooks({ store, eventFile }), killer),
  }
}
