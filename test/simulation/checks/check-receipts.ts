import { type ReceiptBody, receiptBytes } from '../../../src/protocol/receipt/receipt.ts'
import { isSignedBy } from '../../../src/protocol/receipt/receipt-signature.ts'
import type { Scene } from '../scene.ts'
import type { PartyNode } from '../world/party-node.ts'
import type { Complain } from './violation.ts'

interface Kept {
  readonly tallyId: string
  readonly status: string
  readonly partner: string
  readonly body: ReceiptBody
  readonly signatures: readonly [inviter: string, invitee: string]
}

/** Nodes here all sign: whoever counts on a tally has a receipt with both signatures, and both have the same one. */
export function checkReceipts(scene: Scene, broken: Complain): void {
  const kept = new Map(scene.nodes.map((node) => [node.peerId, { node, all: receiptsOf(node) }]))
  for (const { node, all } of kept.values()) {
    for (const mine of all.filter(({ status }) => status === 'confirmed')) {
      const what = `the receipt of ${mine.tallyId}`
      if (!isSigned(mine)) broken('receipts', `${node.name} lacks a signature under ${what}`)
      const theirs = kept.get(mine.partner)?.all.find(({ tallyId }) => tallyId === mine.tallyId)
      if (theirs === undefined || same(mine, theirs)) continue
      broken('receipts', `${node.name} has another body of ${what} than its partner`)
    }
  }
}

function same({ body }: Kept, other: Kept): boolean {
  return Buffer.from(receiptBytes(body)).equals(receiptBytes(other.body))
}

function isSigned({ body, signatures: [inviter, invitee] }: Kept): boolean {
  const bytes = receiptBytes(body)
  return isSignedBy(body.inviter, bytes, inviter) && isSignedBy(body.invitee, bytes, invitee)
}

/** Past the code that wrote them. */
function receiptsOf({ disk, peerId }: PartyNode): readonly Kept[] {
  return disk.database
    .prepare('SELECT * FROM tallies WHERE withdrawn_at IS NULL')
    .all()
    .map((row) => {
      const [tallyId, partner] = [String(row['tally_id']), String(row['partner'])]
      const role = row['created_by'] === 'foil' ? 'foil' : 'stock'
      const [inviter, invitee] = row['role'] === role ? [peerId, partner] : [partner, peerId]
      const body: ReceiptBody = {
        v: 1,
        redemptionId: String(row['redemption_id']),
        tokenId: String(row['token_id']),
        inviter,
        invitee,
        role,
        tallyId,
        draft: String(row['draft_sha256']),
        request: bytesIn(row['request_hash']).toString('hex'),
        response: bytesIn(row['response_hash']).toString('hex'),
        approvedAt: Number(row['created_at']),
      }
      const signature = (column: string) => bytesIn(row[column]).toString('base64url')
      const signatures = [signature('inviter_signature'), signature('invitee_signature')] as const
      return { tallyId, partner, status: String(row['status']), body, signatures }
    })
}

function bytesIn(value: unknown): Buffer {
  return value instanceof Uint8Array ? Buffer.from(value) : Buffer.alloc(0)
}
