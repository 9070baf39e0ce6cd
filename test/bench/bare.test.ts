import { tmpdir } from 'node:os'
import { expect, test } from 'vitest'
import { parseFrames, wireBytes } from '../../bench/bare/frames.ts'
import { startBare } from '../../bench/bare/start-bare.ts'
import { Place } from '../../bench/process/place.ts'

test('a list of messages is read as the invitee sees them', () => {
  expect(parseFrames('out:420,in:1500')).toEqual([
    { from: 'invitee', bytes: 420 },
    { from: 'inviter', bytes: 1500 },
  ])
})

test.each(['', 'out', 'out:0', 'in:65537', 'up:10', 'out:1,'])(
  '%j is no list of messages',
  (text) => {
    expect(() => parseFrames(text)).toThrow(RangeError)
  },
)

test.each([
  [1, 2],
  [127, 128],
  [128, 130],
  [16_383, 16_385],
  [16_384, 16_387],
])('a payload of %i bytes takes %i on the wire', (bytes, onTheWire) => {
  expect(wireBytes({ from: 'invitee', bytes })).toBe(onTheWire)
})

test('every exchange of a load is played to its end, on one connection and on many', async () => {
  await Place.within(tmpdir(), async (place) => {
    const bare = await startBare(place, 'out:3,in:40000,out:1,in:2')
    for (const connection of ['shared', 'new'] as const) {
      const measured = await bare.measure({ connection, concurrency: 4, count: 20 })
      expect(measured.rate).toBeGreaterThan(0)
      expect(measured.p99).toBeGreaterThanOrEqual(measured.p50)
      expect(measured.serverCpu).toBeGreaterThan(0)
    }
  })
})

test('a server that is gone ends the measurement with an error', async () => {
  const bare = await Place.within(tmpdir(), startBare)
  await expect(bare.measure({ connection: 'shared', concurrency: 1, count: 1 })).rejects.toThrow()
})
