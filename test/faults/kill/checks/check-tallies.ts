import { canonicalJson } from '../../../../src/protocol/json/canonical-json.ts'
import { judgeReceipt } from '../../../../src/protocol/receipt/judge-receipt.ts'
import { readReceipt } from '../../../../src/service/receipts/read-receipt.ts'
import { openedReplica } from '../../../../src/service/tallies/read-tally.ts'
import { tallyRecords } from '../../../../src/store/records/tally-records.ts'
import type { Store } from '../../../../src/store/transaction/store.ts'
import { readDocument } from '../../../../src/tally/document.ts'
import { readNow } from '../../../support/store/read-now.ts'

/** What both sides must have alike. */
const COMMON = ['tallyId', 'draft', 'createdBy', 'document', 'receipt'] as const

/** I2 and I4: the same tally on both sides, with a receipt signed by both, and nobody was told of another one. */
export function tallyComplaints(alice: Store, bob: Store, completed: readonly string[]): string[] {
  const [hers, his] = [tallyOf(alice), tallyOf(bob)]
  const complaints = COMMON.filter((name) => hers[name] !== his[name]).map(
    (name) => `I4: ${name} is ${hers[name]} with Alice and ${his[name]} with Bob`,
  )
  complaints.push(...receiptComplaints(alice, bob))
  if (hers.role === his.role) complaints.push('I4: both have the same half')
  for (const [name, { status }] of [['Alice', hers] as const, ['Bob', his] as const])
    if (status !== 'confirmed') complaints.push(`I4: ${name} has the tally as ${status}`)
  for (const tallyId of new Set(completed))
    if (tallyId !== hers.tallyId) complaints.push(`I4: Bob was told of ${tallyId}, which is not`)
  return complaints
}

/** Each side names the other: of the two records either gives the same receipt. */
function receiptComplaints(alice: Store, bob: Store): string[] {
  const [[hers], [his]] = [
    readNow(alice, () => tallyRecords.list(1)),
    readNow(bob, () => tallyRecords.list(1)),
  ]
  const receipt = hers && his && readReceipt(hers, his.partner.peerId)
  if (receipt === undefined) return ['nobody has signed a receipt']
  const { inviter, invitee } = judgeReceipt(receipt)
  return inviter === 'good' && invitee === 'good'
    ? []
    : [`the receipt: inviter’s signature ${inviter}, invitee’s ${invitee}`]
}

function tallyOf(store: Store) {
  const [tally] = readNow(store, () => tallyRecords.list(2))
  if (tally === undefined) return { tallyId: 'none' }
  const { tallyId, role, status, built } = tally
  const document = canonicalJson(readDocument(readNow(store, () => openedReplica(tally))))
  const { createdBy } = built.tally
  const receipt = JSON.stringify(tally.receipt)
  const draft = built.draft.sha256
  return { tallyId, role, status, createdBy, draft, document, receipt }
}
