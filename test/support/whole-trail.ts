import { type TrailVerdict, verifyTrail } from '../../src/service/trail/verify-trail.ts'
import type { Store } from '../../src/store/transaction/store.ts'
import { signerOf } from './audit/signer.ts'

const ORIGIN = /^taleus\/audit\/(\w+)\n/

/** `audit verify` over a party's store; whose it is, its own checkpoints say, if there are any. */
export function wholeTrail(store: Store): TrailVerdict {
  const note = store.repositories.checkpoints.latest()?.note ?? ''
  return verifyTrail(store, ORIGIN.exec(note)?.[1] ?? signerOf(1).peerId)
}
