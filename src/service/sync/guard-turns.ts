import { Slots } from '../waiting/slots.ts'

/** Threads for documents at the same time in this process: each has its memory. */
const MAX_SYNCED_AT_ONCE = 2

/** The turns of those who want a thread for a partner's documents. */
export class GuardTurns extends Slots {
  constructor() {
    super(MAX_SYNCED_AT_ONCE)
  }
}
