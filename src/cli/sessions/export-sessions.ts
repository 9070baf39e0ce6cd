import { listSessions } from '../../service/sessions/session-history.ts'
import { type Context, withContext } from '../context.ts'
import type { Locations } from '../locations.ts'
import { openSink, type SinkFlags } from '../output/open-sink.ts'
import { pour } from '../output/text-sink.ts'
import { jsonText } from '../text/json-text.ts'
import { isoTime } from '../text/time-text.ts'
import { type FilterFlags, parseFilter } from './session-filter.ts'
import { findShown } from './session-shown.ts'

type OpenStore = Awaited<ReturnType<Context['store']>>

/** The version of the lines of an export. */
export const SESSIONS_EXPORT_VERSION = 1

/** The type that the first line of an export names. */
export const SESSIONS_EXPORT_TYPE = 'taleus sessions'

/** Sessions that are looked up at a time. */
const PAGE = 200

/** The result of an export into a file. */
export interface SessionsExported {
  readonly file: string
  readonly sessions: number
}

/**
 * Writes one session a line, the oldest first, with its transitions and audit records; before them a line that says
 * which party they are from.
 * @returns undefined if stdout has them
 * @throws FileExistsError, OutputFileError, UsageError, CommandFailure `ambiguous_id`; AuditRecordInvalidError,
 *   StoreError
 */
export async function exportSessions(
  locations: Locations,
  flags: FilterFlags & SinkFlags,
): Promise<SessionsExported | undefined> {
  return await withContext(locations, async (context) => {
    const [store, peerId] = [await context.store(), await context.peerId()]
    let sessions = 0
    const counted = lines(store, peerId, flags, () => {
      sessions += 1
    })
    await pour(counted, await openSink(flags))
    return flags.out === undefined ? undefined : { file: flags.out, sessions }
  })
}

async function* lines(
  store: OpenStore,
  peerId: string,
  flags: FilterFlags,
  seen: () => void,
): AsyncGenerator<string> {
  const now = Date.now()
  const filter = await parseFilter(flags, now, store)
  const head = { type: SESSIONS_EXPORT_TYPE, v: SESSIONS_EXPORT_VERSION, peerId }
  yield `${jsonText({ ...head, exportedAt: isoTime(now) })}\n`
  let after = flags.after ?? 0
  let missing = filter.limit
  while (missing > 0) {
    const page = await listSessions(store, { ...filter, after, limit: Math.min(PAGE, missing) })
    for (const { seq, tallyStatus: _status, ...session } of page) {
      seen()
      yield `${jsonText({ seq, ...(await findShown(store, session, false)) })}\n`
      after = seq
    }
    missing -= page.length
    if (page.length === 0) return
  }
}

export function sessionsExportText({ file, sessions }: SessionsExported): string {
  return `${sessions} ${sessions === 1 ? 'session is' : 'sessions are'} in ${file}.`
}
