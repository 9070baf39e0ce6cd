/** The most that the messages which were read held of what is bounded in each; whoever reads them keeps it. */
export interface MessageExtent {
  /** Objects and arrays inside each other, of `MAX_JSON_DEPTH`. */
  jsonDepth: number
  /** Of nodes that a party nominates, of `MAX_CADRE`. */
  addresses: number
}
