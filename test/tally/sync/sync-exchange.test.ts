import { describe, expect, it } from 'vitest'
import { MAX_FRAME_BYTES } from '../../../src/protocol/frame/frame-limits.ts'
import { documentDigest } from '../../../src/protocol/sync/document-digest.ts'
import { decodeSyncFrame, encodeSyncFrame } from '../../../src/protocol/sync/sync-frames.ts'
import {
  MAX_DIFFERENT_TALLIES,
  MAX_SYNC_ADDRESSES,
  MAX_SYNC_TALLIES,
} from '../../../src/protocol/sync/sync-limits.ts'
import { readDocument } from '../../../src/tally/document.ts'
import { TallyRefusedError } from '../../../src/tally/errors.ts'
import { hostSync, seekSync } from '../../../src/tally/sync/sync-exchange.ts'
import { Party, syncParties, Wire } from '../../support/tally/sync-pair.ts'

const TALLY = 'mf3w7a2m4q5r6s7t2u3v4w5x6y'

function pair(...tallies: string[]) {
  return { alice: new Party('alice', tallies), bob: new Party('bob', tallies) }
}

describe('an exchange', () => {
  it('of equal documents is two frames, and opens none of them', async () => {
    const { alice, bob } = pair(TALLY)
    const wire = await syncParties(alice, bob, [TALLY])
    expect(wire.frames).toHaveLength(2)
    expect([...alice.opened, ...bob.opened]).toEqual([])
    expect([alice.closed, bob.closed]).toEqual([1, 1])
    expect(bob.toldHeads.get(TALLY)).toEqual(alice.headsOf(TALLY))
  })

  it('leaves both with the changes of both, and each knows that', async () => {
    const { alice, bob } = pair(TALLY)
    alice.set(TALLY, 'note', 'lunch')
    bob.set(TALLY, 'limit', 250)
    await syncParties(alice, bob, [TALLY])
    expect(readDocument(alice.bytes(TALLY))).toMatchObject({ note: 'lunch', limit: 250 })
    expect(readDocument(bob.bytes(TALLY))).toEqual(readDocument(alice.bytes(TALLY)))
    expect(bob.headsOf(TALLY)).toEqual(alice.headsOf(TALLY))
    expect(alice.toldHeads.get(TALLY)).toEqual(bob.headsOf(TALLY))
    expect(bob.toldHeads.get(TALLY)).toEqual(alice.headsOf(TALLY))
  })

  it('takes the same value on both sides for a key that both have set', async () => {
    const { alice, bob } = pair(TALLY)
    alice.set(TALLY, 'note', 'lunch')
    bob.set(TALLY, 'note', 'dinner')
    await syncParties(alice, bob, [TALLY])
    expect(readDocument(bob.bytes(TALLY))).toEqual(readDocument(alice.bytes(TALLY)))
  })

  it('carries a change larger than a frame, in frames of 64 KiB at most', async () => {
    const { alice, bob } = pair(TALLY)
    // Text that does not compress well.
    const text = Array.from({ length: 30_000 }, (_, index) => index * 7919).join('')
    alice.set(TALLY, 'text', text)
    const { frames } = await syncParties(alice, bob, [TALLY])
    expect(bob.headsOf(TALLY)).toEqual(alice.headsOf(TALLY))
    expect(Math.max(...frames.map(({ length }) => length))).toBe(65_536)
  })

  it('syncs the tallies of both, and is told nothing of others', async () => {
    const [alice, bob] = [new Party('alice', ['a', 'b']), new Party('bob', ['a', 'c'])]
    bob.set('a', 'note', 'x')
    bob.set('c', 'note', 'y')
    await syncParties(alice, bob, ['c', 'a'])
    expect(alice.headsOf('a')).toEqual(bob.headsOf('a'))
    expect([...bob.toldHeads.keys()]).toEqual(['a'])
    expect([...alice.toldHeads.keys()]).toEqual(['a'])
  })

  it('asks about as many tallies as it may in one frame', () => {
    const digests = Array.from({ length: MAX_SYNC_TALLIES }, (_, nth) =>
      documentDigest(`${nth}`, []),
    )
    const addresses = Array.from({ length: MAX_SYNC_ADDRESSES }, () => `/${'a'.repeat(255)}`)
    const frame = { type: 'digests', digests, addresses } as const
    const payload = encodeSyncFrame(frame)
    expect(payload.length).toBeLessThanOrEqual(MAX_FRAME_BYTES)
    expect(decodeSyncFrame(payload)).toEqual(frame)
  })

  it('leaves tallies to the next one when too many differ, and names those', async () => {
    const ids = Array.from({ length: MAX_DIFFERENT_TALLIES + 2 }, (_, index) => `t${index}`)
    const { alice, bob } = pair(...ids)
    for (const id of ids) bob.set(id, 'note', 'x')
    const wire = new Wire()
    const [left] = await Promise.all([
      seekSync({ channel: wire.end(1), replicas: bob, addresses: [] }, ids),
      hostSync({ channel: wire.end(0), replicas: alice, addresses: [] }),
    ])
    expect(left).toEqual(ids.slice(-2))
    expect(alice.opened).toHaveLength(MAX_DIFFERENT_TALLIES)
    await syncParties(alice, bob, left)
    for (const id of left) expect(alice.headsOf(id)).toEqual(bob.headsOf(id))
  })

  it('goes on with the next tally when one is refused', async () => {
    const { alice, bob } = pair('a', 'b')
    for (const id of ['a', 'b']) bob.set(id, 'note', 'x')
    const picky = new Party('alice', ['a', 'b'])
    const open = picky.open.bind(picky)
    picky.open = async (id) => {
      if (id === 'a') throw new TallyRefusedError('invalid')
      return await open(id)
    }
    await syncParties(picky, bob, ['a', 'b'])
    expect(picky.headsOf('a')).toEqual(alice.headsOf('a'))
    expect(picky.headsOf('b')).toEqual(bob.headsOf('b'))
  })

  it('gives the addresses of either side to the other', async () => {
    const { alice, bob } = pair(TALLY)
    await syncParties(alice, bob, [TALLY])
    expect(bob.addressesTold).toEqual(['/ip4/127.0.0.1/tcp/1'])
  })
})

const DIGEST = 'aaaaaaaaaaaaaaaa'
const ASKED = encodeSyncFrame({ type: 'digests', digests: [DIGEST], addresses: [] })

function differFrame(at: readonly number[]): Uint8Array {
  return encodeSyncFrame({ type: 'differ', at, addresses: [] })
}

function headsFrame(ids: readonly string[], more: boolean): Uint8Array {
  const tallies = ids.map((tallyId) => ({ tallyId, heads: null }))
  return encodeSyncFrame({ type: 'heads', tallies, more })
}

function names(nth: number): readonly string[] {
  return Array.from({ length: 40 }, (_, index) => `t${nth}-${index}`)
}

describe('an exchange is ended by', () => {
  it.each([
    ['a frame of no kind', [Uint8Array.of(7)]],
    ['a part where heads are due', [Uint8Array.of(1)]],
    ['JSON that is not sound', [new TextEncoder().encode('{"type":')]],
    [
      'a document that is named twice',
      [encodeSyncFrame({ type: 'digests', digests: [DIGEST, DIGEST], addresses: [] })],
    ],
    [
      'a digest that is cut short',
      [new TextEncoder().encode('{"type":"digests","digests":"abcdefgh","addresses":[]}')],
    ],
    ['a tally that is named twice', [ASKED, headsFrame(['a', 'a'], false)]],
    ['frames that bring nothing and promise more', [ASKED, headsFrame([], true)]],
    [
      'more tallies than one exchange may name',
      [ASKED, ...Array.from({ length: 6 }, (_, nth) => headsFrame(names(nth), true))],
    ],
  ])('%s', async (_, frames) => {
    const wire = new Wire()
    for (const frame of frames) await wire.end(1).send(frame)
    const exchange = { channel: wire.end(0), replicas: new Party('alice', ['a']), addresses: [] }
    await expect(hostSync(exchange)).rejects.toMatchObject({ code: 'sync_frame_malformed' })
    expect(exchange.replicas.closed).toBe(1)
  })

  it.each([
    ['an answer about other tallies than were named', [differFrame([0]), headsFrame(['b'], false)]],
    ['an answer about more tallies', [differFrame([0]), headsFrame(['a', 'b'], false)]],
    ['a place of no document that was named', [differFrame([1])]],
    ['places that are not in order', [differFrame([0, 0])]],
  ])('%s', async (_, frames) => {
    const wire = new Wire()
    for (const frame of frames) await wire.end(0).send(frame)
    const exchange = { channel: wire.end(1), replicas: new Party('bob', ['a']), addresses: [] }
    await expect(seekSync(exchange, ['a'])).rejects.toMatchObject({ code: 'sync_frame_malformed' })
    expect(exchange.replicas.closed).toBe(1)
  })
})
