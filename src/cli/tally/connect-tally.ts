import {
  livesInPostgres,
  type TallyAccess,
  tallyAccess,
} from '../../service/tallies/tally-access.ts'
import { withContext } from '../context.ts'
import { CommandFailure } from '../errors/errors.ts'
import type { Locations } from '../locations.ts'
import { line, type ScreenText } from '../text/screen-text.ts'
import { findTally } from './find-tally.ts'

/** The way into a tally's database, as `--json` tells it. */
export interface TallyConnection {
  readonly tallyId: string
  /** As psql takes it, without the password. */
  readonly url: string
  readonly host: string
  readonly port: number
  readonly database: string
  readonly schema: string | null
  readonly user: string
  /** `null` unless it was asked for. */
  readonly password: string | null
}

/**
 * Finds what opens the database of a tally.
 * @param reveal the password, too
 * @throws CommandFailure `not_found`, `ambiguous_id`, `not_in_postgres`, `no_credential`; StoreError
 */
export async function connectTally(
  locations: Locations,
  id: string,
  reveal: boolean,
): Promise<TallyConnection> {
  return await withContext(locations, async (context) => {
    const store = await context.store()
    const tally = await findTally(store, id)
    if (!livesInPostgres(tally)) throw new CommandFailure('not_in_postgres')
    const access = await tallyAccess(store, tally)
    if (access === undefined) throw new CommandFailure('no_credential')
    return connectionOf(tally.tallyId, access, reveal)
  })
}

function connectionOf(
  tallyId: string,
  { url, address, user, password }: TallyAccess,
  reveal: boolean,
): TallyConnection {
  const { host, port, database, schema = null } = address
  return { tallyId, url, host, port, database, schema, user, password: reveal ? password : null }
}

/** The URL; or, with the password, a line for the file in which psql looks for it. */
export function connectionText(connection: TallyConnection): ScreenText {
  const { url, host, port, database, user, password } = connection
  if (password === null) return line(url)
  const fields = [host, String(port), database, user, password]
  return line(fields.map((field) => field.replace(/[\\:]/g, '\\$&')).join(':'))
}
