import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { decodeMessage } from '../../src/protocol/message/message-codec.ts'
import type { MessageType } from '../../src/protocol/message/messages.ts'
import { sessionRecords } from '../../src/store/records/session-records.ts'
import { readNow } from '../support/store/read-now.ts'
import { DEADLINES, Invitee, Inviter, Saboteur } from './parties.ts'
import { type FaultPlan, FRAME_FAULTS } from './wire/frame-fault.ts'

/** What a stranger says and hears, disturbed. */
const PLANS: readonly FaultPlan[] = FRAME_FAULTS.flatMap((fault) => [
  ...(['Inspect', 'ProvisioningResult'] satisfies MessageType[]).map(
    (message) => ({ message, at: 'sending', fault }) as const,
  ),
  { message: 'Inspect', at: 'receiving', fault },
])

function codeIn(bytes: Uint8Array): string {
  const message = decodeMessage(bytes)
  return message.type === 'ProvisioningResult' && !message.approved ? message.code : message.type
}

test('whatever befalls a stranger’s frames, it hears "invalid token" in one and the same words or nothing about it, and leaves no trace', async () => {
  const inviter = await Inviter.start()
  const heard: Uint8Array[] = []
  try {
    // There is something to find.
    const real = await inviter.invite('stock')
    for (const plan of PLANS) {
      const stranger = await Invitee.create()
      const own = new Saboteur(
        plan.message === 'Inspect' && plan.at === 'sending' ? plan : undefined,
      )
      inviter.saboteurs.set(
        stranger.peerId,
        new Saboteur(own.plan === undefined ? plan : undefined),
      )
      const link = { ...real, secret: Uint8Array.from(randomBytes(16)) }
      const { outcome } = await stranger.redeem(link, DEADLINES, own)
      expect(outcome.completed).toBe(false)
      heard.push(...own.streams.flatMap((stream) => stream.heard))
      expect(
        readNow(inviter.store, () => sessionRecords.list({ limit: 10, peerId: stranger.peerId })),
      ).toEqual([])
      await stranger.remove()
    }
    expect(heard.length).toBeGreaterThan(0)
    // What its own silence or noise brings it says nothing about the token either.
    const said = new Set(heard.map((bytes) => Buffer.from(bytes).toString()))
    const codes = [...said].map((text) => codeIn(Buffer.from(text)))
    expect(codes.filter((code) => code === 'invalid_token')).toHaveLength(1)
    expect(['invalid_token', 'protocol_violation', 'timed_out']).toEqual(
      expect.arrayContaining(codes),
    )
  } finally {
    await inviter.stop()
  }
}, 60_000)
