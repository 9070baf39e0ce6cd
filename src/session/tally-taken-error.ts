/** The id of a tally that was built belongs to another one here; nothing was written. */
export class TallyTakenError extends Error {
  override readonly name = 'TallyTakenError'
  readonly code = 'tally_taken'
  readonly tallyId: string
  /** The invitee has built it. */
  readonly isDelegated: boolean

  constructor(tallyId: string, isDelegated: boolean) {
    super(`tally id ${tallyId} belongs to another tally`)
    this.tallyId = tallyId
    this.isDelegated = isDelegated
  }
}
