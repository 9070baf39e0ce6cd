/** A rule that was broken, in words. */
export interface Violation {
  readonly rule: string
  readonly what: string
  /** Virtual ms. */
  readonly at: number
}

/** What is said when something is wrong. */
export type Complain = (rule: string, what: string) => void
