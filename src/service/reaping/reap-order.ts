import type { PolicyReport, ReapFilter, ReapPolicy } from '../../session/reaper/reap-options.ts'
import type { Operator } from '../record/operator.ts'

export { MIN_OFFER_AGE_MS, REAP_POLICIES } from '../../session/reaper/reap-options.ts'
export type { ReapPolicy }

/** What an operator wants cleared away, as plain data: it may go to another process. */
export interface ReapOrder {
  readonly policies: readonly ReapPolicy[]
  readonly filter: ReapFilter
  /** @default each policy's own */
  readonly olderThanMs?: number | undefined
  readonly dryRun: boolean
  /** For the audit. */
  readonly reason?: string | undefined
  readonly operator: Operator
}

/** What came of it. */
export interface ReapReport {
  readonly policies: readonly PolicyReport[]
}
