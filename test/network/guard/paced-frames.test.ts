import { expect, test } from 'vitest'
import { FrameTurns } from '../../../src/network/guard/frame-turns.ts'
import { MuxerFrames } from '../../../src/network/guard/muxer-frames.ts'
import { PacedFrames } from '../../../src/network/guard/paced-frames.ts'
import { yamuxFrame } from '../../support/network/yamux-frame.ts'

/** Frames of one connection in one turn. */
const PER_TURN = 4

/** Bytes of a frame: so many that a few frames are more than may wait. */
const FRAME_BYTES = 8_192

/** Each frame is 10 ms of work: all that frames which wait get of one turn. */
let now = 0

function makeTurns(): FrameTurns {
  return new FrameTurns(PER_TURN, () => now)
}

/** A connection and its muxer, of which everything is written down. */
class Below {
  readonly taken: number[] = []
  isPaused = false
  isOpen = true
  failure: unknown
  /** What comes as soon as it is read on. */
  kept: Buffer[] = []
  paced: PacedFrames

  constructor(turns: FrameTurns) {
    this.paced = new PacedFrames({
      connection: this,
      turns,
      frames: new MuxerFrames(FRAME_BYTES, () => {
        throw new RangeError('too many')
      }),
      take: (bytes) => {
        for (let at = 0; at < bytes.length; at += FRAME_BYTES) {
          now += 10
          this.taken.push(Buffer.from(bytes).readUInt32BE(at + 4))
        }
      },
      fail: (error) => {
        this.failure = error
      },
      isOpen: () => this.isOpen,
    })
  }

  pause(): void {
    this.isPaused = true
  }

  resume(): void {
    this.isPaused = false
    for (const bytes of this.kept.splice(0)) this.paced.push(bytes)
  }
}

function frames(count: number, from = 1): Buffer {
  const all = Array.from({ length: count }, (_, index) =>
    yamuxFrame({ type: 0, stream: from + index, data: Buffer.alloc(FRAME_BYTES - 12) }),
  )
  return Buffer.concat(all)
}

function counted(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1)
}

async function turnsUntil(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve))
}

test('what is little is taken at once, and nothing is paused', () => {
  const below = new Below(makeTurns())
  below.paced.push(frames(PER_TURN))
  expect(below.taken).toEqual(counted(PER_TURN))
  expect(below.isPaused).toBe(false)
})

test('what is much is taken a few frames in a turn, in order, and no more is read meanwhile', async () => {
  const below = new Below(makeTurns())
  below.kept = [frames(10, 21), frames(2, 31)]
  below.paced.push(frames(20))
  expect(below.taken).toHaveLength(PER_TURN)
  expect(below.isPaused).toBe(true)
  let [before, most] = [PER_TURN, 0]
  await turnsUntil(() => {
    most = Math.max(most, below.taken.length - before)
    before = below.taken.length
    return before === 32
  })
  // A slice, and what may come directly when it is read on.
  expect(most).toBeLessThanOrEqual(1.5 * PER_TURN)
  expect(below.taken).toEqual(counted(32))
  await turnsUntil(() => !below.isPaused)
})

test('who sends much does not hold up who sends little', async () => {
  const turns = makeTurns()
  const greedy = [1, 2, 3].map(() => new Below(turns))
  for (const each of greedy) each.paced.push(frames(20))
  await new Promise((resolve) => setImmediate(resolve))
  const modest = new Below(turns)
  modest.paced.push(frames(3))
  expect(modest.taken).toHaveLength(3)
  expect(greedy.every(({ taken }) => taken.length < 20)).toBe(true)
})

test('what is wrong with a frame that waited fails the connection, and what a closed muxer had waiting is dropped', async () => {
  const turns = makeTurns()
  const wrong = new Below(turns)
  wrong.paced.push(Buffer.concat([frames(PER_TURN + 1), yamuxFrame({ type: 2, stream: 0 })]))
  const closed = new Below(turns)
  closed.paced.push(frames(2 * PER_TURN))
  closed.isOpen = false
  await turnsUntil(() => wrong.failure !== undefined && !closed.isPaused)
  expect(wrong.failure).toBeInstanceOf(RangeError)
  expect(closed.taken).toHaveLength(PER_TURN)
})
