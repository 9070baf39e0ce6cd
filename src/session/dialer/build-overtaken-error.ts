/** What this session has built is being removed, or was, because its time was over; nothing was written. */
export class BuildOvertakenError extends Error {
  override readonly name = 'BuildOvertakenError'
  readonly code = 'build_overtaken'

  constructor(tallyId: string) {
    super(`the database of tally ${tallyId} was taken for left behind`)
  }
}
