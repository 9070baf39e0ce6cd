import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { peerIdOfPublicKey } from '../../../src/protocol/base/peer-id-text.ts'
import {
  payloadContentHash,
  type ReceiptBody,
  receiptBytes,
  responseContentHash,
} from '../../../src/protocol/receipt/receipt.ts'
import {
  isSignedBy,
  signatureText,
  verifyAside,
} from '../../../src/protocol/receipt/receipt-signature.ts'
import { signingKey } from '../../support/signing-key.ts'

const ALICE = signingKey(Buffer.alloc(32, 1))
const BOB = signingKey(Buffer.alloc(32, 2))

/** Fixed for ever: who implements this elsewhere can compare. See docs/receipts.md. */
const BODY: ReceiptBody = {
  v: 1,
  redemptionId: 'redemption-1',
  tokenId: 'w556hbr6ssjk67uc',
  inviter: peerIdOfPublicKey(ALICE.publicKey),
  invitee: peerIdOfPublicKey(BOB.publicKey),
  role: 'stock',
  tallyId: 'mf3wcy3bnrwca5dfnz2gk43jnu',
  draft: '1'.repeat(64),
  request: '2'.repeat(64),
  response: '3'.repeat(64),
  approvedAt: 1_790_000_000_000,
}

const SIGNED_TEXT = [
  'taleus receipt 1\0{"approvedAt":1790000000000,',
  `"draft":"${'1'.repeat(64)}",`,
  '"invitee":"12D3KooWJWoaqZhDaoEFshF7Rh1bpY9ohihFhzcW6d69Lr2NASuq",',
  '"inviter":"12D3KooWK99VoVxNE7XzyBwXEzW7xhK7Gpv85r9F3V3fyKSUKPH5",',
  `"redemptionId":"redemption-1","request":"${'2'.repeat(64)}",`,
  `"response":"${'3'.repeat(64)}","role":"stock",`,
  '"tallyId":"mf3wcy3bnrwca5dfnz2gk43jnu","tokenId":"w556hbr6ssjk67uc","v":1}',
].join('')
const BY_ALICE =
  'yj04z1c5obpg-P63BDlQqFzIfF3Wp6g5ldnhFmELmFDO3HA3KeOhYF8RUJnCmZ0SRUBTO8_ftXU8c0hGy3eWCg'
const BY_BOB =
  'zqDKfOCFag-34lGZ3rtSpzXoKCsyL214JwLeSx5d7WBROjvhAgN0LS0ZO-6u5zjfbtO48TILRdR1DiMTgtKvDA'

describe('a receipt', () => {
  it('is signed over these very bytes', () => {
    const bytes = receiptBytes(BODY)
    expect(Buffer.from(bytes).toString()).toBe(SIGNED_TEXT)
    expect(signatureText(ALICE.sign(bytes))).toBe(BY_ALICE)
    expect(signatureText(BOB.sign(bytes))).toBe(BY_BOB)
  })

  it('is signed by its parties, and by nobody else', async () => {
    const bytes = receiptBytes(BODY)
    const signature = signatureText(ALICE.sign(bytes))
    expect(isSignedBy(BODY.inviter, bytes, signature)).toBe(true)
    expect(isSignedBy(BODY.invitee, bytes, signature)).toBe(false)
    expect(await verifyAside(BODY.inviter, bytes, signature)).toBe(true)
    expect(await verifyAside(BODY.invitee, bytes, signature)).toBe(false)
  })

  it('is signed by its own party, however many others were asked about before', () => {
    const bytes = receiptBytes(BODY)
    const parties = Array.from({ length: 600 }, (_, index) => {
      const { publicKey, sign } = signingKey(Buffer.alloc(32).fill(`party ${index} `))
      return { peer: peerIdOfPublicKey(publicKey), signature: signatureText(sign(bytes)) }
    })
    for (const round of [parties, parties.toReversed()]) {
      const good = round.filter(({ peer, signature }) => isSignedBy(peer, bytes, signature))
      expect(good).toHaveLength(parties.length)
    }
  })

  it('is not signed by what has no key, nor by a signature that is none', async () => {
    const bytes = receiptBytes(BODY)
    for (const peer of ['', 'nobody', peerIdOfPublicKey(new Uint8Array(32).fill(0xff))]) {
      expect(isSignedBy(peer, bytes, 'A'.repeat(86))).toBe(false)
      expect(await verifyAside(peer, bytes, 'A'.repeat(86))).toBe(false)
    }
    expect(isSignedBy(BODY.inviter, bytes, '')).toBe(false)
    expect(await verifyAside(BODY.inviter, bytes, 'AAAA')).toBe(false)
  })

  it('is not signed by a signature of another purpose, over the same words', () => {
    const words = Buffer.from(receiptBytes(BODY)).subarray('taleus receipt 1\0'.length)
    for (const bytes of [words, Buffer.concat([Buffer.from('taleus receipt 2\0'), words])]) {
      const signature = signatureText(ALICE.sign(bytes))
      expect(isSignedBy(BODY.inviter, receiptBytes(BODY), signature)).toBe(false)
    }
  })

  it('does not verify with one bit of one signature changed', () => {
    const bytes = receiptBytes(BODY)
    const good = ALICE.sign(bytes)
    fc.assert(
      fc.property(fc.nat(8 * 64 - 1), (bit) => {
        const bad = Uint8Array.from(good)
        bad[bit >> 3] = (bad[bit >> 3] ?? 0) ^ (1 << (bit & 7))
        return !isSignedBy(BODY.inviter, bytes, signatureText(bad))
      }),
    )
  })

  it('does not verify with one character of one field changed', () => {
    const signature = signatureText(ALICE.sign(receiptBytes(BODY)))
    const field = fc.constantFrom(...Object.keys(BODY))
    fc.assert(
      fc.property(field, fc.nat(), fc.string({ minLength: 1, maxLength: 1 }), (name, at, by) => {
        const before = String(Reflect.get(BODY, name))
        const index = at % before.length
        const after = before.slice(0, index) + by + before.slice(index + 1)
        fc.pre(after !== before)
        const changed = { ...BODY, [name]: after }
        return !isSignedBy(BODY.inviter, receiptBytes(changed), signature)
      }),
    )
  })
})

describe("the hash of an answer's content", () => {
  const answer = { type: 'ProvisioningResult', approved: true, terms: { b: 1, a: [2] } }

  it('does not depend on spelling or order, nor on the signature', () => {
    const hash = responseContentHash(answer)
    const { type, ...rest } = answer
    expect(responseContentHash({ ...rest, signature: 'x', type })).toBe(hash)
    const spelt = JSON.stringify({ ...answer, signature: 'y' }, null, 3)
    expect(payloadContentHash(Buffer.from(spelt))).toBe(hash)
  })

  it('depends on everything else, also on what this version does not know', () => {
    const hash = responseContentHash(answer)
    expect(responseContentHash({ ...answer, approved: false })).not.toBe(hash)
    expect(responseContentHash({ ...answer, terms: { b: 1, a: [3] } })).not.toBe(hash)
    expect(responseContentHash({ ...answer, fromTheFuture: null })).not.toBe(hash)
  })
})
