import { reasonInWords } from '../../service/feed/session-reasons.ts'
import { stateInWords } from '../../service/feed/session-states.ts'
import { line, paragraphs, type ScreenText } from '../text/screen-text.ts'
import { renderTable } from '../text/table.ts'
import { timeText, tookText } from '../text/time-text.ts'
import type { SessionsLayout } from './layout.ts'
import type { SessionShown } from './session-shown.ts'

interface Stay {
  readonly state: string
  /** How long it was there; undefined: it is there still, or that is its end. */
  readonly ms: number | undefined
}

/** The states of a session and the time in each, by its journal; when that is gone, by what is kept of it. */
export function timelineText(session: SessionShown, layout: SessionsLayout): ScreenText {
  const { transitions, steps, pruned } = session
  if (transitions.length > 0) return stays(staysOf(session), layout)
  const gone = pruned
    ? 'Its details were pruned; this is what the audit tells.'
    : 'Its journal is not kept any more.'
  return steps === null ? line(gone) : paragraphs([line(gone), stays(staysOf(session), layout)])
}

function staysOf({ transitions, steps, state }: SessionShown): readonly Stay[] {
  const left =
    transitions.length > 0
      ? transitions.map(({ from, ms }) => ({ state: from, ms }))
      : (steps ?? []).map((step) => step)
  return [...left, { state: transitions.at(-1)?.to ?? state, ms: undefined }]
}

/** Each by when it was entered, from the session's beginning on. */
function stays(all: readonly Stay[], layout: SessionsLayout): ScreenText {
  const columns = [
    { title: 'after', align: 'right' as const },
    { title: 'state' },
    { title: 'in words', shrinkTo: 8 },
    { title: 'for', align: 'right' as const },
  ]
  let entered = 0
  const rows = all.map(({ state, ms }) => {
    const after = tookText(entered)
    entered += ms ?? 0
    return [after, state, stateInWords(state), tookText(ms)]
  })
  return renderTable(columns, rows, layout)
}

/** A table of what was taken back; empty if nothing was. */
export function undoneText(
  { undone }: SessionShown,
  layout: SessionsLayout,
): readonly ScreenText[] {
  if (undone.length === 0) return []
  const columns = [
    { title: 'undone' },
    { title: 'when' },
    { title: 'tally' },
    { title: 'why', shrinkTo: 8 },
  ]
  const rows = undone.map(({ at, what, tallyId, reason }) => {
    return [what, timeText(Date.parse(at), layout), tallyId ?? '', reasonInWords(reason ?? '')]
  })
  return [renderTable(columns, rows, layout)]
}
