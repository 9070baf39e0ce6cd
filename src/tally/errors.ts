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
