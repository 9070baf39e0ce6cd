import type { TallyRecord } from '../../service/tallies/read-tally.ts'
import { talliesStartingWith } from '../../service/tallies/stored-tallies.ts'
import { livesInPostgres } from '../../service/tallies/tally-access.ts'
import type { Context } from '../context.ts'
import { CommandFailure } from '../errors/errors.ts'
import { resolveId } from '../input/resolve-id.ts'

type Store = Awaited<ReturnType<Context['store']>>

/**
 * Finds a tally by the beginning of its id.
 * @throws CommandFailure `not_found`, `ambiguous_id`; UsageError, StoreError
 */
export function findTally(store: Store, id: string): Promise<TallyRecord> {
  return resolveId(id, {
    what: 'tally',
    startingWith: (prefix) => talliesStartingWith(store, prefix),
    idOf: (tally) => tally.tallyId,
  })
}

/**
 * Finds a tally whose document both sides keep themselves.
 * @throws CommandFailure `lives_in_postgres`, `not_found`, `ambiguous_id`; UsageError, StoreError
 */
export async function findKeptTally(store: Store, id: string): Promise<TallyRecord> {
  const tally = await findTally(store, id)
  if (livesInPostgres(tally)) throw new CommandFailure('lives_in_postgres')
  return tally
}
