/**
 * The ways in which a log is wrong at one place.
 * - `missing`: the record with this number is not there
 * - `repeated`: a row with an earlier number stands in its place
 * - `unreadable`: the text is not the canonical form of a record of a known version
 * - `renumbered`: the row and the text in it disagree about the number
 * - `hash_mismatch`: the hash was taken of another text, or of other records before it
 * - `hidden`: a search by the indices does not find it, or finds it elsewhere
 * - `rewritten`: all fits together, but a checkpoint was signed over something else
 * - `foreign_key`: a checkpoint or header is stored as signed at this record, and this node did not sign it
 * - `tree_mismatch`: a stored node is not of the tree over these records
 */
export type TrailProblem =
  | 'missing'
  | 'repeated'
  | 'unreadable'
  | 'renumbered'
  | 'hash_mismatch'
  | 'hidden'
  | 'rewritten'
  | 'foreign_key'
  | 'tree_mismatch'

export interface TrailFault {
  /** The first record that is not as it was written; all before it fit together. */
  readonly seq: number
  readonly problem: TrailProblem
  /** Set if it is one of the records from `seq` to this one, and nothing tells any more which. */
  readonly upTo?: number
}
