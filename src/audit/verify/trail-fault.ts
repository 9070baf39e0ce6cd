/**
 * What is wrong with a log at one place.
 * - `missing`: the record with this number is not there
 * - `repeated`: a row with an earlier number stands in its place
 * - `unreadable`: the text is not the canonical form of a record of a known version
 * - `renumbered`: the row and the text in it disagree about the number
 * - `hash_mismatch`: text, or what was before it, is not what the hash was taken of
 * - `hidden`: who looks for its session by the index does not find it, or finds it elsewhere
 * - `rewritten`: it all fits together, but it is not what a checkpoint was signed over
 * - `foreign_key`: what is stored as signed at this record was not signed by this node
 * - `tree_mismatch`: what is stored of the tree is not the tree over these records
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
  /** It is one of the records from `seq` to this one: which of them, nothing tells any more. */
  readonly upTo?: number
}
