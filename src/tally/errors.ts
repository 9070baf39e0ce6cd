/** The bytes are not a whole Automerge document that grew from the tally's draft. */
export class TallyDocumentDamagedError extends Error {
  override readonly name = 'TallyDocumentDamagedError'
  readonly code = 'tally_document_damaged'

  constructor(problem: string, options?: ErrorOptions) {
    super(`the tally's document is damaged: ${problem}`, options)
  }
}

/** The other party sent changes that are no part of this document. Ours is whole. */
export class TallyChangesInvalidError extends Error {
  override readonly name = 'TallyChangesInvalidError'
  readonly code = 'tally_changes_invalid'

  constructor(problem: string, options?: ErrorOptions) {
    super(`the other party's changes do not fit this tally's document: ${problem}`, options)
  }
}

/** A change would put something else in the place of the draft that both parties agreed on. */
export class DraftOverwrittenError extends Error {
  override readonly name = 'DraftOverwrittenError'
  readonly code = 'draft_overwritten'

  constructor() {
    super('the draft of a tally never changes')
  }
}

/** A value or key can't be put into the document. */
export class TallyValueError extends Error {
  override readonly name = 'TallyValueError'
  readonly code = 'tally_value_invalid'
}

/**
 * Why the partner's changes are not taken.
 * - `forked`: two different changes have one actor and number: such replicas never merge again
 * - `draft`: they touch the draft
 * - `invalid`: they are damaged, or no changes of this document
 * - `too_large`: the document would be larger than a tally's may be
 * - `too_slow`: it took longer than a tally's document may take, or more memory
 * - `forged`: one is in this side's name, and this side did not sign it
 * - `unsigned`: one has no valid signature of the party in whose name it is, or is of neither party
 * - `own_damaged`: this side's own document can't be read
 * - `guard_failed`: the thread that reads them failed in a way that nobody foresaw, or could not be started
 */
export const SYNC_STOPS = [
  'forked',
  'draft',
  'invalid',
  'too_large',
  'too_slow',
  'forged',
  'unsigned',
  'own_damaged',
  'guard_failed',
] as const

export type SyncStop = (typeof SYNC_STOPS)[number]

/** A tally is not synced any further. */
export class TallyRefusedError extends Error {
  override readonly name = 'TallyRefusedError'
  readonly code = 'tally_refused'
  readonly stop: SyncStop

  constructor(stop: SyncStop, options?: ErrorOptions) {
    super(`the tally is not synced any further: ${stop}`, options)
    this.stop = stop
  }
}
