import { stateInWords } from '../../service/feed/session-states.ts'
import { type Replayed, replaySession } from '../../service/sessions/replay-session.ts'
import { withContext } from '../context.ts'
import { CommandFailure } from '../errors/errors.ts'
import type { Locations } from '../locations.ts'
import { line, type ScreenText } from '../text/screen-text.ts'
import { findSession } from './find-session.ts'

/** The answer of `sessions replay --json`; printed beside the error, too, if it does not come out the same. */
export interface ReplayDocument {
  readonly id: string
  readonly ok: boolean
  /** Events in the journal. */
  readonly entries: number
  /** The state they lead to; `null` if the journal is broken. */
  readonly replayed: string | null
  readonly stored: string
  readonly differences: readonly {
    readonly field: string
    readonly replayed: unknown
    readonly stored: unknown
  }[]
  /** The entry at which it is broken. */
  readonly brokenAt: number | null
}

/**
 * Derives a session from its journal and compares it with what is stored.
 * @throws CommandFailure `journal_broken`, with the document, `not_found`, `ambiguous_id`, `journal_gone`; UsageError,
 *   StoreError
 */
export async function replayStored(locations: Locations, typed: string): Promise<ReplayDocument> {
  return await withContext(locations, async (context) => {
    const store = await context.store()
    const { id } = (await findSession(store, typed)).session
    const replayed = await replaySession(store, id)
    if (replayed === undefined) throw new CommandFailure('journal_gone')
    const document = documentOf(replayed)
    if (document.ok) return document
    const [detail, cause] = [brokenText(document, replayed), replayed.broken]
    throw new CommandFailure('journal_broken', { detail, cause, document })
  })
}

function brokenText({ id, differences: [first] }: ReplayDocument, { broken }: Replayed): string {
  if (broken !== undefined) return broken.message
  if (first === undefined) return `session ${id}: its journal is broken`
  const [stored, replayed] = [first.stored, first.replayed].map((each) => JSON.stringify(each))
  return `session ${id}: ${first.field} is ${stored}, and by the journal ${replayed}`
}

function documentOf({ summary, entries, state, differences, broken }: Replayed): ReplayDocument {
  return {
    id: summary.id,
    ok: broken === undefined && differences.length === 0,
    entries,
    replayed: state ?? null,
    stored: summary.state,
    differences: differences.map(({ field, replayed, stored }) => ({
      field,
      replayed: replayed ?? null,
      stored: stored ?? null,
    })),
    brokenAt: broken?.seq ?? null,
  }
}

export function replayText({ id, entries, stored }: ReplayDocument): ScreenText {
  const events = entries === 1 ? '1 event leads' : `${entries} events lead`
  return line(`Session ${id}: ${events} to "${stateInWords(stored)}", as it is stored.`)
}
