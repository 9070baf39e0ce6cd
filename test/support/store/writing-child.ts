import {
  type Applied,
  answerTo,
  type Work,
  type WorkOutcome,
} from '../../../src/session/ports/work.ts'
import { openStore, type Store } from '../../../src/store/transaction/store.ts'
import {
  auditDraft,
  claimOf,
  commitOf,
  freshId,
  grantOf,
  journalEntry,
  requestOf,
  summaryOf,
} from '../../store/fixtures.ts'

/**
 * A process that redeems a standing token over and over, ten at a time: `writing-child.ts FILE TOKEN PREFIX`.
 * Sends the redemption id of everything it was told to be durable, and `failed` with the id otherwise.
 * Told anything, it closes the store and ends.
 */
const [path = '', tokenId = '', prefix = ''] = process.argv.slice(2)

/** Makes the writes of a session, in two pieces of work: the second rests on the answer to the first, durable or not. */
async function redeem(store: Store, peer: string, redemptionId: string): Promise<void> {
  const grant = grantOf(tokenId, null)
  const sessionId = `session-${redemptionId}`
  const request = requestOf(grant, peer, { redemptionId, sessionId })
  const facts = { sessionId, peerId: peer, at: 1, monotonic: 1 }
  const work: Work = [{ op: 'reserve', request, facts }]
  const reserved = store.submit(work)
  const answer = answerTo('reserve', work, accepted(await reserved.outcome))
  const claim = claimOf(answer)
  const summary = summaryOf(sessionId, { redemptionId })
  const entry = { ...journalEntry(1), event: 'x'.repeat(300) }
  const { outcome, durable } = store.submit([
    commitOf(claim, grant),
    { op: 'saveSession', summary, isNew: true, entries: [entry] },
    { op: 'appendAudit', draft: auditDraft(sessionId, 'ended') },
  ])
  accepted(await outcome)
  await Promise.all([reserved.durable, durable])
}

function accepted(outcome: WorkOutcome): Applied {
  if (outcome.kind === 'lost') throw new Error(`lost: ${outcome.why}`)
  return outcome
}

/** True if it was told to be durable. */
async function attempt(store: Store, peer: string): Promise<boolean> {
  const id = freshId(prefix)
  try {
    await redeem(store, peer, id)
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
