import fc from 'fast-check'
import { expect, test } from 'vitest'
import * as inPages from '../../scripts/build/browser-digest.ts'
import * as ours from '../../src/protocol/base/digest.ts'

test('a digest in a page is the one of the protocol', () => {
  expect(Object.keys(inPages).sort()).toEqual(Object.keys(ours).sort())
  const data = fc.oneof(fc.uint8Array(), fc.string({ unit: 'binary' }))
  fc.assert(
    fc.property(data, (given) => {
      expect(Buffer.from(inPages.sha256(given))).toEqual(Buffer.from(ours.sha256(given)))
      expect(inPages.sha256Hex(given)).toBe(ours.sha256Hex(given))
      expect(Buffer.from(inPages.domainDigest('d', given))).toEqual(
        Buffer.from(ours.domainDigest('d', given)),
      )
    }),
  )
})
