import { verifyAll } from '../../src/service/trail/verify-all.ts'
import { checkpointRecords } from '../../src/store/audit/checkpoint-records.ts'
import { tallyRecords } from '../../src/store/records/tally-records.ts'
import type { Store } from '../../src/store/transaction/store.ts'
import { signerOf } from './audit/signer.ts'

const ORIGIN = /^taleus\/audit\/(\w+)\n/

/** `audit verify` over a party's store, tallies and all. @returns the first fault, in words */
export async function wholeTrail(store: Store): Promise<string | undefined> {
  const { ok, firstBad, tallies } = await verifyAll(store, await ownerOf(store))
  return ok ? undefined : JSON.stringify(firstBad ?? tallies.first)
}

/** The store's own checkpoints say whose it is, or else its tallies, if there are any. */
async function ownerOf(store: Store): Promise<string> {
  const note = (await store.query(() => checkpointRecords.latest()))?.note ?? ''
  const [tally] = await store.query(() => tallyRecords.list(1))
  const own = tally && JSON.parse(tally.built.draft.text)[tally.role].partyId
  return ORIGIN.exec(note)?.[1] ?? own ?? signerOf(1).peerId
}
