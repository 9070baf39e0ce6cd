import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  appendRecord,
  chainHash,
  EMPTY_CHAIN,
  GENESIS,
  leafHash,
} from '../../../src/audit/record/chain.ts'
import { anyDraft, transitionDraft } from '../../support/audit/drafts.ts'

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}

describe('the chain', () => {
  it('begins, grows and hashes as it always has', () => {
    const first = appendRecord(EMPTY_CHAIN, transitionDraft(0))
    const second = appendRecord(first, {
      type: 'lifecycle',
      severity: 'notice',
      at: 0,
      monotonic: 0,
      data: { 'naïve "key"\n': ['€', 1e21, -0, null, { b: 1, a: 2 }] },
    })
    expect([
      hex(GENESIS),
      first.text,
      hex(first.hash),
      second.text,
      hex(second.hash),
    ]).toMatchInlineSnapshot(`
      [
        "41c2737bf105fe2a1c1d37c8288802563a1a59e6b3fb91b155e7e6dcc7e8fd8a",
        "{"at":1780000000000,"data":{"from":"READING_REQUEST","ms":0,"to":"VALIDATING_TOKEN"},"monotonic":1234.5,"peerId":"12D3KooWSzXPRmKbYdoLhL6M8uCM3rXf3kWfpcFp","redemptionId":"r-7f3a","seq":1,"sessionId":"s0","severity":"info","tokenId":"t-19c2","type":"state","v":2}",
        "131b1080304ba61c049cb069bde67f39e4420fb804b2889c1698ffed38366735",
        "{"at":0,"data":{"naïve \\"key\\"\\n":["€",1e+21,0,null,{"a":2,"b":1}]},"monotonic":0,"seq":2,"severity":"notice","type":"lifecycle","v":2}",
        "502826f94562ca280a7118150ea62639d0b752c55977904928787de9f105749e",
      ]
    `)
  })

  it('takes its leaves as RFC 6962 does', () => {
    fc.assert(
      fc.property(anyDraft, (draft) => {
        const { text } = appendRecord(EMPTY_CHAIN, draft)
        const expected = createHash('sha256').update(Buffer.of(0)).update(text, 'utf8').digest()
        expect(hex(leafHash(text))).toBe(hex(expected))
      }),
    )
  })

  it('puts the domain, what was before and the leaf into each hash', () => {
    const { text, hash } = appendRecord(EMPTY_CHAIN, transitionDraft(3))
    const expected = createHash('sha256')
      .update('taleus/audit/chain/1\0')
      .update(GENESIS)
      .update(leafHash(text))
      .digest()
    expect(hex(hash)).toBe(hex(expected))
    expect(hex(chainHash(GENESIS, leafHash(text)))).toBe(hex(expected))
  })

  it('leaves the head it grew from as it was', () => {
    const before = hex(EMPTY_CHAIN.hash)
    appendRecord(EMPTY_CHAIN, transitionDraft(0))
    expect(hex(EMPTY_CHAIN.hash)).toBe(before)
    expect(EMPTY_CHAIN.seq).toBe(0)
  })
})
