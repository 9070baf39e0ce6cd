import type { JsonValue } from '../protocol/json/json-value.ts'

/** One edit of a tally's document: a peer sets a key to a value. */
export interface TallyEdit {
  readonly peerId: string
  readonly key: string
  readonly value: JsonValue
  /** Milliseconds since the epoch. Tells people when; decides nothing. */
  readonly at: number
}
