import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Sender } from '../../../src/protocol/message/message-order.ts'
import { extendTranscript } from '../../../src/protocol/message/transcript.ts'

interface Frame {
  readonly sender: Sender
  readonly payload: Uint8Array
}

const frame = fc.record({
  sender: fc.constantFrom<Sender>('inviter', 'invitee'),
  payload: fc.uint8Array({ minLength: 1, maxLength: 40 }),
})
const frames = fc.array(frame, { minLength: 1, maxLength: 8 })

function digestOf(said: readonly Frame[]): string {
  const digest = said.reduce<string | undefined>(
    (before, { sender, payload }) => extendTranscript(before, sender, payload),
    undefined,
  )
  return digest ?? ''
}

/** From the words of docs/protocol.md, by other means. */
function documented(said: readonly Frame[]): string {
  let digest = Buffer.alloc(32)
  for (const { sender, payload } of said) {
    const length = Buffer.from([0, 0, payload.length >> 8, payload.length & 255])
    digest = createHash('sha256')
      .update('taleus transcript 1\0')
      .update(digest)
      .update(sender === 'inviter' ? 'I' : 'R')
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
  const hello = { sender: 'invitee' as const, payload: Buffer.from('hello') }
  expect(digestOf([hello])).toBe('01e9c690c05cf6955a5e7ac898b64baf2d143f4fa910878a7bd2a5110576b8ca')
})

test('is another one for other frames, senders, cuts or orders', () => {
  fc.assert(
    fc.property(frames, frames, (one, other) => {
      const isSame = JSON.stringify(one) === JSON.stringify(other)
      expect(digestOf(one) === digestOf(other)).toBe(isSame)
    }),
  )
  const [a, b] = [Buffer.from('a'), Buffer.from('b')]
  const said = (...all: readonly (readonly [Sender, Uint8Array])[]) =>
    digestOf(all.map(([sender, payload]) => ({ sender, payload })))
  const digests = [
    said(['inviter', a], ['invitee', b]),
    said(['invitee', a], ['inviter', b]),
    said(['invitee', b], ['inviter', a]),
    said(['inviter', Buffer.from('ab')]),
    said(['inviter', a], ['inviter', b]),
    said(['inviter', a]),
  ]
  expect(new Set(digests).size).toBe(digests.length)
})
