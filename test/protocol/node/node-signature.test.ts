import { describe, expect, it } from 'vitest'
import { peerIdOfPublicKey } from '../../../src/protocol/base/peer-id-text.ts'
import { signNodeCertificate } from '../../../src/protocol/node/node-certificate.ts'
import { isSignatureText, nodeSignatureBytes } from '../../../src/protocol/node/node-signature.ts'
import { judgeReceipt } from '../../../src/protocol/receipt/judge-receipt.ts'
import { parseReceipt } from '../../../src/protocol/receipt/parse-receipt.ts'
import { type ReceiptBody, receiptBytes } from '../../../src/protocol/receipt/receipt.ts'
import { signatureText } from '../../../src/protocol/receipt/receipt-signature.ts'
import { signingKey } from '../../support/signing-key.ts'

const PARTY = signingKey(Buffer.alloc(32, 1))
const NODE = signingKey(Buffer.alloc(32, 2))
const BOB = signingKey(Buffer.alloc(32, 3))
const party = peerIdOfPublicKey(PARTY.publicKey)
const node = peerIdOfPublicKey(NODE.publicKey)
const invitee = peerIdOfPublicKey(BOB.publicKey)
const APPROVED_S = 1_790_000_000

const BODY: ReceiptBody = {
  v: 1,
  redemptionId: 'redemption-1',
  tokenId: 'w556hbr6ssjk67uc',
  inviter: party,
  invitee,
  role: 'stock',
  tallyId: 'mf3wcy3bnrwca5dfnz2gk43jnu',
  draft: '1'.repeat(64),
  request: '2'.repeat(64),
  response: '3'.repeat(64),
  approvedAt: APPROVED_S * 1_000,
}

interface Signing {
  readonly certifier?: typeof PARTY
  readonly signer?: typeof PARTY
  readonly validFrom?: number
  readonly validUntil?: number
}

/** The inviter's signature under the receipt, by a node. */
function byNode({
  certifier = PARTY,
  signer = NODE,
  validFrom = APPROVED_S - 60,
  validUntil = APPROVED_S + 60,
}: Signing = {}): string {
  const content = { party, node, name: 'a', serial: 1, validFrom, validUntil }
  const certificate = signNodeCertificate(content, certifier.sign)
  const signature = signer.sign(receiptBytes(BODY))
  return signatureText(nodeSignatureBytes({ signature, certificate }))
}

function judged(inviter: string) {
  return judgeReceipt({ receipt: BODY, signatures: { inviter } }).inviter
}

describe('a receipt that a node has signed for its party', () => {
  it('is good by the certificate behind the signature, without anything else', () => {
    expect(judged(byNode())).toBe('good')
  })

  it('is parsed as it was written', () => {
    const receipted = { receipt: BODY, signatures: { inviter: byNode() } }
    expect(parseReceipt(Buffer.from(JSON.stringify(receipted)))).toEqual(receipted)
  })

  it('may be signed under the next certificate: what was promised before counts', () => {
    expect(judged(byNode({ validFrom: APPROVED_S + 60, validUntil: APPROVED_S + 120 }))).toBe(
      'good',
    )
  })

  it.each<[string, Signing]>([
    ['the certificate is not by the party', { certifier: BOB }],
    ['the certificate is by the node itself', { certifier: NODE }],
    ['another key than the certified one has signed', { signer: BOB }],
    ['the party has signed beside a certificate', { signer: PARTY }],
    ['the certificate had lapsed', { validFrom: APPROVED_S - 60, validUntil: APPROVED_S }],
  ])('is bad if %s', (_, signing) => {
    expect(judged(byNode(signing))).toBe('bad')
  })

  it('is none with a bit changed anywhere', () => {
    const bytes = Buffer.from(byNode(), 'base64url')
    for (const at of bytes.keys()) {
      const changed = Buffer.from(bytes)
      changed[at] = (changed[at] ?? 0) ^ 1
      expect(judged(changed.toString('base64url'))).toBe('bad')
    }
  })
})

it('a signature has one spelling, alone and with a certificate', () => {
  const alone = signatureText(new Uint8Array(64))
  const texts = [byNode(), alone]
  expect(texts.map(isSignatureText)).toEqual([true, true])
  const others = texts.flatMap((text) => [`${text}=`, text.slice(0, -1), `${text}AAAA`, ` ${text}`])
  expect(others.map(isSignatureText)).toEqual(others.map(() => false))
})
