import type { Checkout } from '../listener/checkout.ts'
import type { Place } from '../process/place.ts'

/** The two builds of a run. */
export interface Builds {
  readonly now: Checkout
  readonly before: Checkout
}

/** Figures of one row, round by round: those at the same place were measured beside each other. */
export interface RoundFigures {
  readonly now: readonly number[]
  readonly before: readonly number[]
  /** Of libp2p alone, if it can be compared. */
  readonly bare?: readonly number[]
  /** A reason why they say nothing. */
  readonly problem?: string | undefined
}

/** @returns figures for each row that has this function, in the order of the table */
export type MeasureBeside = (
  place: Place,
  builds: Builds,
  rounds: number,
) => Promise<readonly RoundFigures[]>
