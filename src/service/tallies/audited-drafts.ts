import type { Tallies } from '../../store/ledger/tallies.ts'

/** Part of each record that names a draft; others are not parsed. */
const NAMES_DRAFT = '"draft":"'

/**
 * Compares the drafts that the audit names with those that are stored, record by record. The last record of a tally
 * counts: one that was only held may have been approved again, with another draft.
 */
export class AuditedDrafts {
  readonly #tallies: Pick<Tallies, 'draftHash'>
  /** Tallies whose last record so far names another draft: as few as are wrong. */
  readonly #others = new Set<string>()

  constructor(tallies: Pick<Tallies, 'draftHash'>) {
    this.#tallies = tallies
  }

  /** @param text a record, sound or not: whether it is one is for others to say */
  see(text: string): void {
    if (!text.includes(NAMES_DRAFT)) return
    const named = draftIn(text)
    if (named === undefined) return
    const stored = this.#tallies.draftHash(named.tallyId)
    if (stored === undefined || stored === named.draft) this.#others.delete(named.tallyId)
    else this.#others.add(named.tallyId)
  }

  /** True if the audit names another draft for this tally. */
  differs(tallyId: string): boolean {
    return this.#others.has(tallyId)
  }
}

function draftIn(text: string): { readonly tallyId: string; readonly draft: string } | undefined {
  const data = memberOf(parsed(text), 'data')
  const [tallyId, draft] = [memberOf(data, 'tallyId'), memberOf(data, 'draft')]
  return typeof tallyId === 'string' && typeof draft === 'string' ? { tallyId, draft } : undefined
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
  return Reflect.get(value, name)
}
