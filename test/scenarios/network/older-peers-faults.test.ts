import { setTimeout as sleep } from 'node:timers/promises'
import type { Connection, Stream } from '@libp2p/interface'
import { expect, test } from 'vitest'
import { sessionRecords } from '../../../src/store/records/session-records.ts'
import { endsWell, OlderInvitee, resultOf } from '../../support/legacy/older-invitee.ts'
import { olderStream, writeWhole } from '../../support/legacy/older-node.ts'
import { TodaysInviter } from '../../support/legacy/todays-inviter.ts'
import { readNow } from '../../support/store/read-now.ts'

/** Of a session's step, ms: what waits for a deadline here waits so long. */
const STEP_MS = 400

const IMPATIENT = { stepTimeoutMs: STEP_MS, provisionTimeoutMs: STEP_MS }

/** An inviter of the foil, and an older invitee that is connected. */
async function meeting(config = {}) {
  const inviter = await TodaysInviter.start(config)
  const { older } = inviter.invite({ role: 'foil' })
  const invitee = await OlderInvitee.start()
  const connection = await invitee.connect(older)
  return { inviter, older, invitee, connection }
}

/** Another older peer, which gets its tally whatever the first one does. */
async function othersAreServed(inviter: TodaysInviter): Promise<void> {
  const other = await OlderInvitee.start()
  const { older } = inviter.invite({ role: 'foil' })
  const tallyId = `other-${(await inviter.tallies).length}`
  expect(await other.redeem(older, tallyId)).toBe(tallyId)
}

async function sent(connection: Connection, bytes: string): Promise<Stream> {
  const stream = await olderStream(connection)
  stream.send(Buffer.from(bytes))
  return stream
}

/** Sends all of it, and half-closes. @returns whether it was answered in good order */
async function whole(connection: Connection, bytes: string): Promise<boolean> {
  const stream = await sent(connection, bytes)
  await stream.close()
  return await endsWell(stream)
}

test('a contact that is never ended is cut off when its step is over', async () => {
  const { inviter, older, invitee, connection } = await meeting(IMPATIENT)
  const stream = await sent(connection, JSON.stringify(invitee.message(older)))
  await othersAreServed(inviter)
  expect(await endsWell(stream)).toBe(false)
  expect(inviter.core.getActiveSessionCounts().total).toBe(0)
})

test('a contact that comes a byte at a time is cut off when its step is over', async () => {
  const { inviter, connection } = await meeting(IMPATIENT)
  const stream = await olderStream(connection)
  let isOver = false
  stream.addEventListener('close', () => {
    isOver = true
  })
  for (; !isOver; await sleep(STEP_MS / 20)) {
    if (stream.status === 'open') stream.send(Uint8Array.of(0x20))
  }
  await othersAreServed(inviter)
})

const RUBBISH: readonly (readonly [string, string])[] = [
  ['one byte more than a message may have', ' '.repeat(65_537)],
  ['no JSON', 'hello'],
  ['half of an object', '{"token":"x"'],
  [
    'the same member twice',
    '{"token":"a","token":"b","partyId":"p","identityBundle":{},"cadrePeerAddrs":[]}',
  ],
  ['a list', '[]'],
  ['a member of another kind', '{"token":1,"partyId":"p","identityBundle":{},"cadrePeerAddrs":[]}'],
  ['a message of the present protocol', '{"type":"Inspect","secret":"AAAAAAAAAAAAAAAAAAAAAA"}'],
  [
    'an identity with more than ours has room for',
    JSON.stringify({
      token: 'x',
      partyId: 'p',
      identityBundle: { name: 'n'.repeat(1_025) },
      cadrePeerAddrs: [],
    }),
  ],
]

test.each(RUBBISH)('%s is cut off, and leaves nothing', async (_, bytes) => {
  const { inviter, older, invitee, connection } = await meeting()
  expect(await whole(connection, bytes)).toBe(false)
  expect(readNow(inviter.store, () => sessionRecords.list({ limit: 10 }))).toEqual([])
  // On the same connection.
  expect(await invitee.ask(connection, invitee.message(older))).toMatchObject({ approved: true })
})

test('a stream that ends without a word is no contact', async () => {
  const { inviter, connection } = await meeting()
  await whole(connection, '')
  await othersAreServed(inviter)
})

test('a result that nobody waits for is cut off', async () => {
  const { inviter, older, invitee, connection } = await meeting()
  expect(await invitee.deliver(connection, 'too-early')).toBe(false)
  expect(await inviter.tallies).toEqual([])
  await invitee.redeem(older, 'in-time')
  expect((await inviter.tallies).map(({ tallyId }) => tallyId)).toEqual(['in-time'])
})

test('a second result is cut off, and the first stands', async () => {
  const { inviter, older, invitee, connection } = await meeting()
  await invitee.ask(connection, invitee.message(older))
  const [first, second] = await Promise.all(
    ['first', 'second'].map((tallyId) => invitee.deliver(connection, tallyId)),
  )
  expect([first, second].filter(Boolean)).toHaveLength(1)
  expect(await inviter.tallies).toHaveLength(1)
  expect(await invitee.deliver(connection, 'third')).toBe(false)
  expect(await inviter.tallies).toHaveLength(1)
})

test('another peer’s result is not taken for the one that is waited for', async () => {
  const { inviter, older, invitee, connection } = await meeting()
  await invitee.ask(connection, invitee.message(older))
  const other = await OlderInvitee.start()
  expect(await other.deliver(await other.connect(older), 'theirs')).toBe(false)
  expect(await invitee.deliver(connection, 'mine')).toBe(true)
  const { peerId } = invitee
  expect(await inviter.tallies).toMatchObject([{ tallyId: 'mine', partner: { peerId } }])
})

test('a result on another connection of the same peer is not taken', async () => {
  const { inviter, older, invitee, connection } = await meeting()
  await invitee.ask(connection, invitee.message(older))
  const again = await invitee.node.dial(connection.remoteAddr, { force: true })
  expect(again).not.toBe(connection)
  expect(await invitee.deliver(again, 'elsewhere')).toBe(false)
  expect(await invitee.deliver(connection, 'here')).toBe(true)
  expect((await inviter.tallies).map(({ tallyId }) => tallyId)).toEqual(['here'])
})

test('of two exchanges that wait on one connection none is given a result', async () => {
  const { inviter, older, invitee, connection } = await meeting(IMPATIENT)
  const { older: another } = inviter.invite({ role: 'foil' })
  await invitee.ask(connection, invitee.message(older))
  await invitee.ask(connection, invitee.message(another))
  expect(await invitee.deliver(connection, 'whose')).toBe(false)
  const ends = [await inviter.untilEnded(1), await inviter.untilEnded(2)]
  expect(ends.map(({ state }) => state)).toEqual(['TIMEOUT', 'TIMEOUT'])
  expect(await inviter.tallies).toEqual([])
})

test('a contact beside an exchange that waits is a contact all the same', async () => {
  const { inviter, older, invitee, connection } = await meeting()
  const { older: another } = inviter.invite({ role: 'stock' })
  await invitee.ask(connection, invitee.message(older))
  expect(await invitee.ask(connection, invitee.message(another))).toMatchObject({ approved: true })
  expect(await invitee.deliver(connection, 'mine')).toBe(true)
  expect(await inviter.tallies).toHaveLength(2)
})

test('streams beside an exchange that waits, and that say nothing, are few, and go with it', async () => {
  const { inviter, older, invitee, connection } = await meeting(IMPATIENT)
  await invitee.ask(connection, invitee.message(older))
  const silent = await Promise.all(Array.from({ length: 8 }, () => olderStream(connection)))
  const ends = await Promise.all(silent.map((stream) => endsWell(stream)))
  expect(ends).toEqual(Array(8).fill(false))
  expect((await inviter.untilEnded(1)).state).toBe('TIMEOUT')
  await othersAreServed(inviter)
})

test('a result of another role than was approved is refused, and its use is free again', async () => {
  const { inviter, older, invitee, connection } = await meeting()
  await invitee.ask(connection, invitee.message(older))
  const stream = await olderStream(connection)
  await writeWhole(stream, resultOf('wrong', 'stock'))
  expect(await endsWell(stream)).toBe(false)
  expect(await inviter.untilEnded(1)).toMatchObject({
    state: 'FAILED',
    reason: 'database_refused',
  })
  await invitee.redeem(older, 'right')
  expect((await inviter.tallies).map(({ tallyId }) => tallyId)).toEqual(['right'])
})

test('who loses its connection before the result comes again with the same contact', async () => {
  const { inviter, older, invitee, connection } = await meeting()
  await invitee.ask(connection, invitee.message(older))
  await connection.close()
  expect(await inviter.untilEnded(1)).toMatchObject({ state: 'FAILED', reason: 'stream_lost' })
  expect(await invitee.redeem(older, 'after-all')).toBe('after-all')
  expect((await inviter.tallies).map(({ tallyId }) => tallyId)).toEqual(['after-all'])
})

test('after all of it no stream is left, nor any session', async () => {
  const { inviter, older, invitee, connection } = await meeting(IMPATIENT)
  await whole(connection, 'hello')
  await invitee.deliver(connection, 'early')
  await invitee.redeem(older)
  await expect.poll(() => connection.streams.length).toBe(0)
  expect(inviter.core.getActiveSessionCounts().total).toBe(0)
  const streams = inviter.node.getConnections().flatMap((each) => each.streams)
  await expect.poll(() => streams.filter(({ status }) => status === 'open')).toEqual([])
})
