import type { LossReason } from '../../session/ports/write.ts'

/** A write was refused: the whole piece of work is undone. Never leaves the store. */
export class WriteRefused extends Error {
  override readonly name = 'WriteRefused'
  readonly why: LossReason
  /** The place of the write. */
  readonly at: number

  constructor(why: LossReason, at = 0) {
    super(`refused: ${why}`)
    this.why = why
    this.at = at
  }
}
