/** The largest values met so far, in the messages that one reader decoded, of two things that each message bounds. */
export interface MessageExtent {
  /** Objects and arrays inside each other; at most `MAX_JSON_DEPTH`. */
  jsonDepth: number
  /** Nodes that a party nominates; at most `MAX_CADRE`. */
  addresses: number
}
