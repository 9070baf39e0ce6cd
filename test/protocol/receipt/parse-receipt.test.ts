import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { peerIdOfPublicKey } from '../../../src/protocol/base/peer-id-text.ts'
import { judgeReceipt } from '../../../src/protocol/receipt/judge-receipt.ts'
import { parseReceipt } from '../../../src/protocol/receipt/parse-receipt.ts'
import {
  type ReceiptBody,
  type Receipted,
  receiptBytes,
} from '../../../src/protocol/receipt/receipt.ts'
import { signatureText } from '../../../src/protocol/receipt/receipt-signature.ts'
import { HOSTILE_STRINGS } from '../../support/hostile-strings.ts'
import { signingKey } from '../../support/signing-key.ts'

const KEYS = { inviter: signingKey(Buffer.alloc(32, 1)), invitee: signingKey(Buffer.alloc(32, 2)) }

const BODY: ReceiptBody = {
  v: 1,
  redemptionId: 'redemption-1',
  tokenId: 'w556hbr6ssjk67uc',
  inviter: peerIdOfPublicKey(KEYS.inviter.publicKey),
  invitee: peerIdOfPublicKey(KEYS.invitee.publicKey),
  role: 'foil',
  tallyId: 'mf3wcy3bnrwca5dfnz2gk43jnu',
  draft: '1'.repeat(64),
  request: '2'.repeat(64),
  response: '3'.repeat(64),
  approvedAt: 1_790_000_000_000,
}
const BY = {
  inviter: signatureText(KEYS.inviter.sign(receiptBytes(BODY))),
  invitee: signatureText(KEYS.invitee.sign(receiptBytes(BODY))),
}
const WHOLE: Receipted = { receipt: BODY, signatures: BY }

const SCHEMA = z.fromJSONSchema(
  JSON.parse(
    readFileSync(join(import.meta.dirname, '../../../docs/schemas/receipt.schema.json'), 'utf8'),
  ),
)

function bytesOf(value: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(value))
}

/** What stands at the end: both good, or something else, or refused. */
function verdictOf(bytes: Uint8Array): string {
  try {
    return Object.values(judgeReceipt(parseReceipt(bytes))).join()
  } catch (error) {
    return error instanceof Error ? error.name : 'thrown'
  }
}

describe('a receipt in a file', () => {
  it('is good however it is spelt', () => {
    expect(verdictOf(bytesOf(WHOLE))).toBe('good,good')
    const { signatures, receipt } = WHOLE
    const turned = Object.fromEntries(Object.entries(receipt).toReversed())
    const text = JSON.stringify({ signatures, receipt: turned }, null, 4)
    expect(verdictOf(Buffer.from(`\n${text}\n`))).toBe('good,good')
  })

  it('says which signature is missing', () => {
    const { inviter, invitee } = BY
    expect(verdictOf(bytesOf({ ...WHOLE, signatures: { inviter } }))).toBe('good,missing')
    expect(verdictOf(bytesOf({ ...WHOLE, signatures: { invitee } }))).toBe('missing,good')
    expect(verdictOf(bytesOf({ ...WHOLE, signatures: {} }))).toBe('missing,missing')
  })

  it('is not good with its parties or its signatures changed over', () => {
    const { inviter, invitee } = BY
    const crossed = { ...WHOLE, signatures: { inviter: invitee, invitee: inviter } }
    expect(verdictOf(bytesOf(crossed))).toBe('bad,bad')
    const swapped = { ...BODY, inviter: BODY.invitee, invitee: BODY.inviter }
    expect(verdictOf(bytesOf({ receipt: swapped, signatures: BY }))).toBe('bad,bad')
    const both = { receipt: swapped, signatures: { inviter: invitee, invitee: inviter } }
    expect(verdictOf(bytesOf(both))).toBe('bad,bad')
  })

  it('is not signed by both if one party stands on both sides', () => {
    const alone = { ...BODY, invitee: BODY.inviter }
    const signature = signatureText(KEYS.inviter.sign(receiptBytes(alone)))
    const signatures = { inviter: signature, invitee: signature }
    expect(verdictOf(bytesOf({ receipt: alone, signatures }))).toBe('ReceiptMalformedError')
  })

  it('is not good with the signatures of another redemption', () => {
    const other = { ...BODY, redemptionId: 'redemption-2' }
    expect(verdictOf(bytesOf({ receipt: other, signatures: BY }))).toBe('bad,bad')
  })

  it('is not good with any one bit of it changed', () => {
    const good = bytesOf(WHOLE)
    fc.assert(
      fc.property(fc.nat(good.length * 8 - 1), (bit) => {
        const bad = Uint8Array.from(good)
        bad[bit >> 3] = (bad[bit >> 3] ?? 0) ^ (1 << (bit & 7))
        return verdictOf(bad) !== 'good,good'
      }),
      { numRuns: 2_000 },
    )
  })

  it('has no member more than it should, and none twice', () => {
    const more = [
      { ...WHOLE, note: 'paid' },
      { ...WHOLE, receipt: { ...BODY, amount: 5 } },
      { ...WHOLE, signatures: { ...BY, witness: BY.inviter } },
    ]
    for (const each of more) expect(verdictOf(bytesOf(each))).toBe('ReceiptMalformedError')
    const twice = JSON.stringify(WHOLE).replace('"v":1', '"v":1,"v":1')
    expect(verdictOf(Buffer.from(twice))).toBe('ReceiptMalformedError')
  })

  it('never repeats what was in it, if it is none', () => {
    for (const hostile of HOSTILE_STRINGS.filter((text) => text.length > 3)) {
      const files = [
        { ...WHOLE, [hostile]: 1 },
        { ...WHOLE, receipt: { ...BODY, [hostile]: 1 } },
        { ...WHOLE, receipt: { ...BODY, tallyId: hostile } },
      ]
      for (const file of files) {
        try {
          const { receipt } = parseReceipt(bytesOf(file))
          // Some are words that an id may be.
          expect(receipt.tallyId).toMatch(/^[!-~]+$/)
        } catch (error) {
          expect(String(error)).toMatch(/^ReceiptMalformedError: this is no receipt[a-zA-Z.: ]*$/)
        }
      }
    }
  })
})

describe('the published schema of receipts', () => {
  it('takes what is read, and refuses what is not', () => {
    const { inviter } = BY
    const files: readonly unknown[] = [
      WHOLE,
      { ...WHOLE, signatures: {} },
      { ...WHOLE, signatures: { inviter } },
      { ...WHOLE, signatures: { inviter: `${inviter.slice(0, -1)}B` } },
      { ...WHOLE, more: 1 },
      { receipt: BODY },
      ...Object.keys(BODY).flatMap((name) => [
        { ...WHOLE, receipt: { ...BODY, [name]: undefined } },
        { ...WHOLE, receipt: { ...BODY, [name]: 'ü' } },
        { ...WHOLE, receipt: { ...BODY, [name]: -1 } },
      ]),
    ]
    for (const file of files) {
      const json = JSON.parse(JSON.stringify(file))
      const isRead = verdictOf(bytesOf(json)) !== 'ReceiptMalformedError'
      expect([json, SCHEMA.safeParse(json).success]).toEqual([json, isRead])
    }
  })
})
