import { openStore, type Store } from '../../../src/store/transaction/store.ts'
import {
  auditDraft,
  claimOf,
  grantOf,
  requestOf,
  responseOf,
  summaryOf,
  tallyOf,
} from '../../store/fixtures.ts'

/**
 * A process that redeems a standing token over and over, ten at a time: `writing-child.ts FILE TOKEN PREFIX`.
 * Sends the redemption id of everything it was told to be durable, and `failed` with the id otherwise.
 * Told anything, it closes the store and ends.
 */
const [path = '', tokenId = '', prefix = ''] = process.argv.slice(2)

function redeem(store: Store, peer: string) {
  return store.transact((transaction) => {
    const claim = claimOf(transaction.reserve(requestOf(grantOf(tokenId, null), peer)))
    const response = responseOf(claim.redemptionId)
    const tally = tallyOf(claim.tallyId, claim.redemptionId)
    transaction.commit(claim, tally, { response }, 1)
    const session = `session-${claim.redemptionId}`
    transaction.saveSession(summaryOf(session, { redemptionId: claim.redemptionId }))
    const event = 'x'.repeat(300)
    transaction.appendJournal(session, [{ seq: 1, from: 'A', to: 'B', event, at: 1, ms: 1 }])
    transaction.appendAudit(auditDraft(session, 'committed'))
    return claim.redemptionId
  })
}

/** True if it was told to be durable. */
async function attempt(store: Store, peer: string): Promise<boolean> {
  let id = ''
  try {
    const { value, durable } = redeem(store, peer)
    id = value
    await durable
    process.send?.({ durable: id })
    return true
  } catch (error) {
    process.send?.({ failed: id, name: error instanceof Error ? error.name : String(error) })
    return false
  }
}

const store = openStore(path)
let stopped = false
process.once('message', () => {
  stopped = true
})
process.send?.('ready')
for (let batch = 0; !stopped; batch += 1) {
  const peers = Array.from({ length: 10 }, (_, index) => `${prefix}-${batch}-${index}`)
  const kept = await Promise.all(peers.map((peer) => attempt(store, peer)))
  if (kept.includes(false)) await new Promise((resolve) => setTimeout(resolve, 20))
}
store.close()
process.disconnect?.()
