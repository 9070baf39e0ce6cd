/**
 * Writes the two stores that stand for the newest schema, as two machines have them whose processes die in the
 * middle: `node test/replay/make-stores.ts`. Run once for each version; what it wrote is never written again.
 */

import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { MemoryHooks } from '../../src/hooks/memory/create-memory-hooks.ts'
import type { SessionHooks } from '../../src/hooks/session-hooks.ts'
import { MIGRATIONS } from '../../src/store/file/migrations.ts'
import { sessionRecords } from '../../src/store/records/session-records.ts'
import { openStore, type Store } from '../../src/store/transaction/store.ts'
import { settle, World } from '../support/session/world.ts'
import { readNow } from '../support/store/read-now.ts'
import { BOB, type Obstacle, SCENES, wishOf } from './scenes.ts'

const LOOK_MS = 20
const QUIET_LOOKS = 15

const NEVER = new Promise<never>(() => undefined)

/** The hooks of a machine that stands before the obstacle. */
function hooksBefore(obstacle: () => Obstacle | undefined): (own: MemoryHooks) => SessionHooks {
  return (own) => ({
    ...own,
    identity: {
      validate: () => (obstacle() === 'identity' ? NEVER : Promise.resolve(true)),
    },
    database: {
      provision: (...all) => (obstacle() === 'database' ? NEVER : own.database.provision(...all)),
    },
  })
}

/** Nothing has moved for a while: a commit waits for the disk, in real time. */
async function quiet(stores: readonly Store[]): Promise<void> {
  const told = () =>
    JSON.stringify(stores.map((store) => readNow(store, () => sessionRecords.list({ limit: 1 }))))
  for (let same = 0, last = ''; same < QUIET_LOOKS; ) {
    await settle()
    await setTimeout(LOOK_MS)
    const now = told()
    same = now === last ? same + 1 : 0
    last = now
  }
}

async function main(): Promise<void> {
  const directory = join(import.meta.dirname, `v${MIGRATIONS.length}`)
  const paths = ['inviter', 'invitee'].map((name) => join(directory, `${name}.db`))
  if (paths.some((path) => existsSync(path))) throw new Error(`${directory} stays as it is`)
  mkdirSync(directory, { recursive: true })
  const [inviter, invitee] = paths.map((path) => openStore(path))
  if (inviter === undefined || invitee === undefined) throw new Error('two stores')
  let obstacle: Obstacle | undefined
  const hooks = hooksBefore(() => obstacle)
  const world = new World({
    inviter: { hooks, store: () => inviter },
    invitee: { hooks, store: () => invitee },
  })
  for (const scene of SCENES) {
    obstacle = scene.obstacle
    const lost = typeof obstacle === 'object' ? obstacle : undefined
    world.faults =
      lost === undefined
        ? {}
        : { fate: (side, _bytes, n) => (side === lost.lost && n > lost.after ? 'drop' : 'deliver') }
    void world.redeem(world.invite(wishOf(scene)), BOB)
    await quiet([inviter, invitee])
  }
  // Nobody says goodbye: this is what a process leaves behind that is gone.
  inviter.close()
  invitee.close()
  process.exit()
}

await main()
