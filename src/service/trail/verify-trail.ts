import { verifyChain } from '../../audit/verify.ts'
import type { Store } from '../../store/store.ts'

/** Whether the trail fits together from its first record to its last. */
export interface TrailVerdict {
  readonly ok: boolean
  /** How many records were found good before the end or the first fault. */
  readonly records: number
  /** The last good record: its number, 0 for an empty trail, and its hash in hex. */
  readonly head: { readonly seq: number; readonly hash: string }
  /** `null`: no checkpoint from outside vouches for anything. */
  readonly provenUpTo: number | null
  /** Where it stops fitting together, and why. */
  readonly firstBad?: { readonly seq: number; readonly problem: string }
}

/** Walk every record. A trail that can't be read is not one that is wrong. @throws StoreError, StoreDamagedError */
export function verifyTrail(store: Store): TrailVerdict {
  const { ok, records, head, provenUpTo, firstBad } = store.read(({ audit }) =>
    verifyChain(audit.rows()),
  )
  return {
    ok,
    records,
    head: { seq: head.seq, hash: Buffer.from(head.hash).toString('hex') },
    provenUpTo,
    ...(firstBad && { firstBad }),
  }
}
