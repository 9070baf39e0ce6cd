import type { TallyRecord } from '../../service/tallies/read-tally.ts'
import type { Context } from '../context.ts'
import { resolveId } from '../input/resolve-id.ts'

type Store = Awaited<ReturnType<Context['store']>>

/**
 * Finds a tally by the beginning of its id.
 * @throws CommandFailure `not_found`, `ambiguous_id`; UsageError, StoreError
 */
export function findTally(store: Store, id: string): TallyRecord {
  return resolveId(id, {
    what: 'tally',
    startingWith: (prefix) => store.read(({ tallies }) => tallies.startingWith(prefix)),
    idOf: (tally) => tally.tallyId,
  })
}
