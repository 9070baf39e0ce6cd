import type { PolicyReport, ReapFilter, ReapPolicy } from '../../session/reaper/reap-options.ts'
import type { Operator } from '../record/operator.ts'

export { MIN_OFFER_AGE_MS, REAP_POLICIES } from '../../session/reaper/reap-options.ts'
export type { ReapPolicy }

/** An operator's order to reap, as plain data: it may go to another process. */
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

/** The report of each policy. */
export interface ReapReport {
  readonly policies: readonly PolicyReport[]
}
