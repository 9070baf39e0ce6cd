import type { readTally, TallyRecord } from '../../service/tallies/read-tally.ts'
import { readServerTally } from '../../service/tallies/server-tally.ts'
import { livesInPostgres } from '../../service/tallies/tally-access.ts'
import type { Context } from '../context.ts'
import { reportOf } from '../failure/error-report.ts'

interface Shown {
  readonly document: Awaited<ReturnType<typeof readTally>>
  readonly unread: string | null
}

/**
 * Puts what stands on the server into a tally that lives there. If it can't be read now, the draft is shown, and why there
 * is no more.
 */
export async function withServerDocument<Whole extends Shown>(
  store: Awaited<ReturnType<Context['store']>>,
  tally: TallyRecord,
  shown: Whole,
): Promise<Whole> {
  if (!livesInPostgres(tally) || shown.document === null) return shown
  try {
    return { ...shown, document: await readServerTally(store, tally) }
  } catch (error) {
    return { ...shown, unread: reportOf(error).message }
  }
}
