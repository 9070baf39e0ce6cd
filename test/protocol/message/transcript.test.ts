import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { extendTranscript, type Speaker } from '../../../src/protocol/message/transcript.ts'

interface Frame {
  readonly speaker: Speaker
  readonly payload: Uint8Array
}

const frame = fc.record({
  speaker: fc.constantFrom<Speaker>('initiator', 'respondent'),
  payload: fc.uint8Array({ minLength: 1, maxLength: 40 }),
})
const frames = fc.array(frame, { minLength: 1, maxLength: 8 })

function digestOf(said: readonly Frame[]): string {
  const digest = said.reduce<Uint8Array | undefined>(
    (before, { speaker, payload }) => extendTranscript(before, speaker, payload),
    undefined,
  )
  return Buffer.from(digest ?? []).toString('hex')
}

/** From the words of docs/protocol.md, by other means. */
function documented(said: readonly Frame[]): string {
  let digest = Buffer.alloc(32)
  for (const { speaker, payload } of said) {
    const length = Buffer.from([0, 0, payload.length >> 8, payload.length & 255])
    digest = createHash('sha256')
      .update('taleus transcript 1\0')
      .update(digest)
      .update(speaker === 'initiator' ? 'I' : 'R')
      .update(length)
      .update(payload)
      .digest()
  }
  return digest.toString('hex')
}

test('is what the documentation says', () => {
  fc.assert(
    fc.property(frames, (said) => {
      expect(digestOf(said)).toBe(documented(said))
    }),
  )
  const hello = { speaker: 'respondent' as const, payload: Buffer.from('hello') }
  expect(digestOf([hello])).toBe('01e9c690c05cf6955a5e7ac898b64baf2d143f4fa910878a7bd2a5110576b8ca')
})

test('is another one for other frames, speakers, cuts or orders', () => {
  fc.assert(
    fc.property(frames, frames, (one, other) => {
      const isSame = JSON.stringify(one) === JSON.stringify(other)
      expect(digestOf(one) === digestOf(other)).toBe(isSame)
    }),
  )
  const [a, b] = [Buffer.from('a'), Buffer.from('b')]
  const said = (...all: readonly (readonly [Speaker, Uint8Array])[]) =>
    digestOf(all.map(([speaker, payload]) => ({ speaker, payload })))
  const digests = [
    said(['initiator', a], ['respondent', b]),
    said(['respondent', a], ['initiator', b]),
    said(['respondent', b], ['initiator', a]),
    said(['initiator', Buffer.from('ab')]),
    said(['initiator', a], ['initiator', b]),
    said(['initiator', a]),
  ]
  expect(new Set(digests).size).toBe(digests.length)
})
