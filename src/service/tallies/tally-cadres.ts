import { parseDraft } from '../../protocol/draft/draft.ts'
import { DraftMalformedError } from '../../protocol/errors.ts'
import type { TallyRecord } from './read-tally.ts'

/** The nodes that each side of a tally has nominated, as multiaddrs. */
export interface TallyCadres {
  readonly own: readonly string[]
  readonly partner: readonly string[]
}

/** Reads the cadres in a tally's draft; none of a draft that can't be read. */
export function cadresOf({ built, role }: Pick<TallyRecord, 'built' | 'role'>): TallyCadres {
  try {
    const { stock, foil } = parseDraft(built.draft.text)
    const [own, partner] = role === 'stock' ? [stock, foil] : [foil, stock]
    return { own: own.cadre, partner: partner.cadre }
  } catch (error) {
    if (error instanceof DraftMalformedError) return { own: [], partner: [] }
    throw error
  }
}
