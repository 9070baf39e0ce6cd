import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { decodeLink } from '../../../../src/protocol/link/link.ts'
import { secretToText } from '../../../../src/protocol/link/secret.ts'
import { openDataDirectory } from '../../../../src/store/directory/data-directory.ts'
import { isProcessGone } from '../../../../src/store/directory/process-name.ts'
import { openStore, type Store } from '../../../../src/store/transaction/store.ts'
import type { Scene } from '../scene.ts'
import { inviteeComplaints, inviterComplaints } from './check-repositories.ts'
import { tallyComplaints } from './check-tallies.ts'
import { trailComplaints } from './check-trail.ts'

/**
 * Everything that must hold once all is quiet, from what both sides have stored.
 * @param completed the tallies that the invitee was told of
 * @returns what does not hold, each beginning with the promise that it breaks
 */
export async function check(scene: Scene, completed: readonly string[]): Promise<string[]> {
  const complaints = [...leftBehind('Alice', scene.alice), ...leftBehind('Bob', scene.bob)]
  const alice = openStore(join(scene.alice, 'taleus.db'))
  const bob = openStore(join(scene.bob, 'taleus.db'))
  try {
    complaints.push(...inviterComplaints(alice, scene), ...inviteeComplaints(bob, scene))
    complaints.push(...tallyComplaints(alice, bob, completed))
    complaints.push(
      ...(await trailComplaints('Alice', alice)),
      ...(await trailComplaints('Bob', bob)),
    )
  } finally {
    close(alice, bob)
  }
  return [...complaints, ...secretsIn(scene)]
}

function close(...stores: readonly Store[]): void {
  for (const store of stores) store.close()
}

/** What a data directory holds when nobody uses it. */
const AT_REST = new Set([
  'identity.key',
  'taleus.db',
  'taleus.db.id',
  'listener.lock',
  'events.jsonl',
])

/** The name of a dead process is cleared away by those that come a minute later; until then nobody may hold it. */
const NAME = /^process-([0-9a-f]{16})\.lock(-journal)?$/

/** The same goes for what a process was writing that died while the directory was made. */
const DRAFT = /^(identity\.key\.[0-9a-f]{16}\.tmp|taleus\.db(\.id)?\.new-\d+)$/

function leftBehind(name: string, path: string): string[] {
  const directory = openDataDirectory(path)
  return readdirSync(path).flatMap((file) => {
    if (AT_REST.has(file) || DRAFT.test(file)) return []
    const process = NAME.exec(file)?.[1]
    const isLeft = process === undefined || !isProcessGone(directory, process)
    return isLeft ? [`I9: ${name}: ${file} is left`] : []
  })
}

/** I8: what is kept names the token, and nothing that it could be used with. */
function secretsIn({ alice, bob, link }: Scene): string[] {
  const { secret } = decodeLink(link)
  const spellings = [
    Buffer.from(secret),
    Buffer.from(secretToText(secret)),
    Buffer.from(Buffer.from(secret).toString('hex')),
    Buffer.from(link),
  ]
  return [alice, bob].flatMap((directory) =>
    readdirSync(directory).flatMap((file) => {
      const bytes = readFileSync(join(directory, file))
      const isThere = spellings.some((spelling) => bytes.includes(spelling))
      return isThere ? [`I8: the secret is in ${file}`] : []
    }),
  )
}
