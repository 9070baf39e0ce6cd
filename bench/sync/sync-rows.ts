import { cpSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { generatePrivateKeyBytes } from '../../src/network/identity/identity-key.ts'
import type { Place } from '../process/place.ts'
import type { Finding } from '../report/row.ts'
import { EDITED } from './bench-tallies.ts'
import { differenceOf, prepareStores } from './prepare-stores.ts'
import { installRepo } from './repo-library.ts'
import { type SyncCost, syncCostSchema } from './sync-cost.ts'

const OUR_PARTY = 'sync/our-party.ts'
const REPO_PARTY = 'sync/repo-party.ts'

/** What a sync took, both parties together; `rssMib` is that of the larger one. */
interface Measured {
  readonly cost: SyncCost
  readonly problem: string | undefined
}

/** Measures the sync of 1,000 tallies of which one party has set something in 100, beside that of automerge-repo. */
export async function synced(place: Place): Promise<Finding[]> {
  const ours = await oursOf(place)
  const repo = await repoOf(place)
  const problem = ours.problem ?? repo.problem
  const row = (of: keyof SyncCost) => ({ ours: ours.cost[of], bare: repo.cost[of], problem })
  const note = `${ours.cost.ms.toFixed(0)} ms beside ${repo.cost.ms.toFixed(0)}`
  return [{ ...row('messages'), note }, row('bytes'), row('cpuMs'), row('rssMib')]
}

async function oursOf(place: Place): Promise<Measured> {
  const keys = { stock: generatePrivateKeyBytes(), foil: generatePrivateKeyBytes() }
  const { files, parties } = await prepareStores(place.directory, keys)
  const text = (key: Uint8Array) => Buffer.from(key).toString('base64')
  const host = await place.child(OUR_PARTY, files.stock, text(keys.stock))
  const seeker = await place.child(OUR_PARTY, files.foil, text(keys.foil))
  const at = z.array(z.string()).parse(host.greeting)
  const sought = syncCostSchema.parse(await seeker.ask({ seek: parties.stock, at }))
  const hosted = syncCostSchema.parse(await host.ask({ cost: true }))
  await seeker.stop()
  await host.stop()
  return { cost: together(sought, hosted), problem: await differenceOf(files) }
}

async function repoOf(place: Place): Promise<Measured> {
  const library = installRepo()
  const folders = ['repo-host', 'repo-seeker'].map((name) => join(place.directory, name))
  const [hostFolder = '', seekerFolder = ''] = folders
  mkdirSync(seekerFolder)
  const maker = await place.child(REPO_PARTY, library, seekerFolder)
  const ids = z.array(z.string()).parse(await maker.ask({ make: true }))
  cpSync(seekerFolder, hostFolder, { recursive: true })
  await maker.ask({ edit: ids })
  await maker.stop()
  const host = await place.child(REPO_PARTY, library, hostFolder)
  const seeker = await place.child(REPO_PARTY, library, seekerFolder)
  const port = z.number().parse(await host.ask({ answer: true }))
  await seeker.ask({ go: { port, ids } })
  const costs = await Promise.all([seeker, host].map((party) => party.ask({ quiet: true })))
  const [sought, hosted] = costs.map((cost) => syncCostSchema.parse(cost))
  const edited = z.number().parse(await host.ask({ edited: ids }))
  await seeker.stop()
  await host.stop()
  if (sought === undefined || hosted === undefined) throw new Error('a party did not answer')
  const problem = edited === EDITED ? undefined : `automerge-repo synced ${edited} of ${EDITED}`
  return { cost: together(sought, hosted), problem }
}

function together(one: SyncCost, other: SyncCost): SyncCost {
  return {
    cpuMs: one.cpuMs + other.cpuMs,
    rssMib: Math.max(one.rssMib, other.rssMib),
    ms: one.ms,
    messages: one.messages + other.messages,
    bytes: one.bytes + other.bytes,
  }
}
