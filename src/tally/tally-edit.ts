import type { JsonValue } from '../protocol/json/json-value.ts'

/** Who sets which key of a tally's document to what. */
export interface TallyEdit {
  readonly peerId: string
  readonly key: string
  readonly value: JsonValue
  /** Milliseconds since the epoch. Tells people when; decides nothing. */
  readonly at: number
}
