import type { TallyRecord } from '../../service/tallies/read-tally.ts'
import { type TallyConflict, tallyConflicts } from '../../service/tallies/tally-conflicts.ts'
import type { Context } from '../context.ts'
import { line, type ScreenText, stacked } from '../text/screen-text.ts'
import { shortId } from '../text/short-id.ts'
import { renderTable } from '../text/table.ts'
import type { TimeStyle } from '../text/time-text.ts'
import { authorText, type PartnerNamed } from './author-text.ts'
import { jsonValueText } from './value-text.ts'

type Store = Awaited<ReturnType<Context['store']>>
type Value = TallyConflict['values'][number]['value']

/** A place for which both have set a value, as `--json` tells it: the same on both sides. */
export interface ConflictDocument {
  readonly key: string
  /** Where in the key’s value, names and places in lists from the outside; none if it is that value itself. */
  readonly inside: readonly (string | number)[]
  readonly values: readonly {
    readonly value: Value
    /** The party that set it; `null` if it was neither. */
    readonly party: string | null
    /** The hash of the change that set it. */
    readonly change: string
    /** True for the one that the document has meanwhile. */
    readonly shown: boolean
  }[]
}

/** @throws TallyDocumentDamagedError, StoreError */
export async function conflictsOf(
  store: Store,
  tally: TallyRecord,
): Promise<readonly ConflictDocument[]> {
  return conflictDocuments(await tallyConflicts(store, tally))
}

export function conflictDocuments(
  conflicts: readonly TallyConflict[],
): readonly ConflictDocument[] {
  return conflicts.map(({ key, inside, values }) => ({
    key,
    inside,
    values: values.map(({ value, party = null, change }, at) => {
      return { value, party, change, shown: at === values.length - 1 }
    }),
  }))
}

interface Disputed {
  readonly tallyId: string
  readonly partner: PartnerNamed
  readonly conflicts: readonly ConflictDocument[]
}

/** Tells of each place that both have set, with all values; nothing where there is none. */
export function conflictsText(
  { tallyId, partner, conflicts }: Disputed,
  { relative }: TimeStyle,
  width: number,
): readonly ScreenText[] {
  return conflicts.map(({ key, inside, values }) => {
    const settle = `taleus tally set ${shortId(tallyId, true)} KEY=VALUE`
    const head = line(
      `Both have set ${placeText(key, inside)}, and these values stand until one of you settles it: ${settle}`,
    )
    const rows = values.map(({ value, party, shown }) => [
      authorText(party, partner, relative),
      `${jsonValueText(value)}${shown ? ' (shown)' : ''}`,
    ])
    return stacked([
      head,
      renderTable([{ title: '' }, { title: '', shrinkTo: 20 }], rows, { width }),
    ])
  })
}

/** Short words in a list, before those about the sync; none where nothing is open. */
export function conflictWords(conflicts: readonly { readonly key: string }[]): string {
  if (conflicts.length === 0) return ''
  const keys = new Set(conflicts.map(({ key }) => jsonValueText(key)))
  return `BOTH SET ${[...keys].join(', ')}; `
}

/** Names a place in a document: `"terms" > "days" > 0`. */
export function placeText(key: string, inside: readonly (string | number)[]): string {
  return [key, ...inside].map(jsonValueText).join(' > ')
}
