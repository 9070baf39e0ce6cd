/** Words for what a listener tells as a code; each gives back a code that it does not know. */
export interface Words {
  /** Of a state, to follow "the session is". */
  state(state: string): string
  /** Of the reason for which a session ended, to follow "failed: ". */
  reason(reason: string): string
  /** Of the reason for which a listener stopped. */
  stop(reason: string): string
}
