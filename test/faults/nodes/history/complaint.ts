/**
 * A promise that a history breaks. `lost`: a client counts on a tally that the inviter does not have. `doubled`: two of what there
 * should be one of. `shared`: two clients with one tally. `overspent`: more uses than there are. `turned away`: refused while
 * there was room. `receipt`: it does not check, or is of something else. `chain`: an audit does not verify. `recorded`: it does
 * not have each commit once. `closed`: given after the inviter had closed it. `taken back`: refused after it was given.
 * `unasked`: given to a client that did not ask. `differs`: both sides have another draft.
 */
export type BrokenPromise =
  | 'lost'
  | 'doubled'
  | 'shared'
  | 'overspent'
  | 'turned away'
  | 'receipt'
  | 'chain'
  | 'recorded'
  | 'closed'
  | 'taken back'
  | 'unasked'
  | 'differs'

export interface Complaint {
  readonly broken: BrokenPromise
  readonly what: string
}
