import { setImmediate } from 'node:timers/promises'
import type { Repositories } from '../../store/work/repositories.ts'
import { documentHeads } from '../../tally/document.ts'
import { TallyDocumentDamagedError } from '../../tally/errors.ts'
import { openReplica } from '../../tally/replica-store.ts'
import { tallyChunks } from '../tallies/tally-chunks.ts'
import type { SyncPorts } from './replica-ports.ts'

/** Documents that are opened in one go: some 0.5 ms each, while nothing else runs. */
const MAX_OPENED_AT_ONCE = 20

/**
 * Looks heads up in their documents, once: from then on they are beside them. A document that can't be read is left out.
 * @returns heads by tally
 */
export async function lookUpHeads(
  store: SyncPorts['store'],
  tallyIds: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, readonly string[]>()
  for (let from = 0; from < tallyIds.length; from += MAX_OPENED_AT_ONCE) {
    const some = tallyIds.slice(from, from + MAX_OPENED_AT_ONCE)
    const heads = await store.write((repositories) =>
      some.flatMap((tallyId) => {
        const its = headsOf(repositories, tallyId)
        return its === undefined ? [] : [[tallyId, its] as const]
      }),
    )
    for (const [tallyId, its] of heads) found.set(tallyId, its)
    await setImmediate()
  }
  return found
}

function headsOf({ tallies, tallySyncs }: Repositories, tallyId: string) {
  const tally = tallies.find(tallyId)
  if (tally === undefined) return undefined
  try {
    const replica = openReplica(tallyChunks(tallies), tallyId, tally.built.draft.text)
    const heads = documentHeads(replica)
    tallySyncs.setHeads(tallyId, heads)
    return heads
  } catch (error) {
    // `tally show` and `audit verify` say so; the partner's is not asked to mend it.
    if (error instanceof TallyDocumentDamagedError) return undefined
    throw error
  }
}
