import { describe, expect, it } from 'vitest'
import { encodeSyncFrame } from '../../../src/protocol/sync/sync-frames.ts'
import { MAX_SYNC_TALLIES } from '../../../src/protocol/sync/sync-limits.ts'
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
    expect(bob.toldHeads.get(TALLY)).toEqual(await alice.heads(TALLY))
  })

  it('leaves both with the changes of both, and each knows that', async () => {
    const { alice, bob } = pair(TALLY)
    alice.set(TALLY, 'note', 'lunch')
    bob.set(TALLY, 'limit', 250)
    await syncParties(alice, bob, [TALLY])
    expect(readDocument(alice.bytes(TALLY))).toMatchObject({ note: 'lunch', limit: 250 })
    expect(readDocument(bob.bytes(TALLY))).toEqual(readDocument(alice.bytes(TALLY)))
    expect(await bob.heads(TALLY)).toEqual(await alice.heads(TALLY))
    expect(alice.toldHeads.get(TALLY)).toEqual(await bob.heads(TALLY))
    expect(bob.toldHeads.get(TALLY)).toEqual(await alice.heads(TALLY))
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
    expect(await bob.heads(TALLY)).toEqual(await alice.heads(TALLY))
    expect(Math.max(...frames.map(({ length }) => length))).toBe(65_536)
  })

  it('syncs the tallies of both, and is told nothing of others', async () => {
    const [alice, bob] = [new Party('alice', ['a', 'b']), new Party('bob', ['a', 'c'])]
    bob.set('a', 'note', 'x')
    bob.set('c', 'note', 'y')
    await syncParties(alice, bob, ['c', 'a'])
    expect(await alice.heads('a')).toEqual(await bob.heads('a'))
    expect([...bob.toldHeads.keys()]).toEqual(['a'])
    expect([...alice.toldHeads.keys()]).toEqual(['a'])
  })

  it('names as many tallies as it may, over several frames', async () => {
    const ids = Array.from({ length: MAX_SYNC_TALLIES }, (_, index) => `t${index}`)
    const { alice, bob } = pair(...ids)
    bob.set('t150', 'note', 'x')
    await syncParties(alice, bob, ids)
    expect(await alice.heads('t150')).toEqual(await bob.heads('t150'))
    expect(alice.opened).toEqual(['t150'])
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
    expect(await picky.heads('a')).toEqual(await alice.heads('a'))
    expect(await picky.heads('b')).toEqual(await bob.heads('b'))
  })

  it('gives the addresses of either side to the other', async () => {
    const { alice, bob } = pair(TALLY)
    await syncParties(alice, bob, [TALLY])
    expect(bob.addressesTold).toEqual(['/ip4/127.0.0.1/tcp/1'])
  })
})

describe('an exchange is ended by', () => {
  it.each([
    ['a frame of no kind', [Uint8Array.of(7)]],
    ['a part where heads are due', [Uint8Array.of(1)]],
    ['JSON that is not sound', [new TextEncoder().encode('{"type":')]],
    [
      'a tally that is named twice',
      [
        encodeSyncFrame({
          type: 'heads',
          tallies: [
            { tallyId: 'a', heads: null },
            { tallyId: 'a', heads: null },
          ],
          more: false,
          addresses: [],
        }),
      ],
    ],
    [
      'frames that bring nothing and promise more',
      [encodeSyncFrame({ type: 'heads', tallies: [], more: true, addresses: [] })],
    ],
  ])('%s', async (_, frames) => {
    const wire = new Wire()
    for (const frame of frames) await wire.end(1).send(frame)
    const exchange = { channel: wire.end(0), replicas: new Party('alice', ['a']), addresses: [] }
    await expect(hostSync(exchange)).rejects.toMatchObject({ code: 'sync_frame_malformed' })
  })

  it('an answer about other tallies than were named', async () => {
    const wire = new Wire()
    const answer = { type: 'heads', more: false, addresses: [] } as const
    await wire.end(0).send(encodeSyncFrame({ ...answer, tallies: [{ tallyId: 'b', heads: [] }] }))
    const exchange = { channel: wire.end(1), replicas: new Party('bob', ['a']), addresses: [] }
    await expect(seekSync(exchange, ['a'])).rejects.toMatchObject({ code: 'sync_frame_malformed' })
  })
})
