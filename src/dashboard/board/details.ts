/** What only the store knows of a session, asked for when somebody looks at it. All texts are harmless. */
export interface SessionDetails {
  /** What the peer disclosed and we kept: after the tally was made. Empty if it disclosed nothing. */
  readonly identity: Readonly<Record<string, string>> | undefined
  /** Each state it left, oldest first; `ms` in it. Times in ms since the epoch. */
  readonly transitions: readonly {
    readonly from: string
    readonly to: string
    readonly at: number
    readonly ms: number
  }[]
}
