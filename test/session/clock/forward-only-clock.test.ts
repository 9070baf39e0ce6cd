import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ForwardOnlyClock } from '../../../src/session/clock/forward-only-clock.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

const T0 = Date.UTC(2030, 0, 1)
const HOUR = 3_600_000

function clocks() {
  const own = new VirtualClock(T0)
  return { own, clock: new ForwardOnlyClock(own) }
}

describe('the highest clock', () => {
  it('is the computer’s own while that goes on', () => {
    const { own, clock } = clocks()
    for (const ms of [0, 1, 250, HOUR]) {
      own.advance(ms)
      expect([clock.now(), clock.monotonic()]).toEqual([own.now(), own.monotonic()])
    }
    expect(clock.behindMs).toBe(0)
  })

  it('goes on from the highest time when that is set back, and does not stand still', () => {
    const { own, clock } = clocks()
    expect(clock.now()).toBe(T0)
    own.shiftWall(-HOUR)
    expect(clock.now()).toBe(T0)
    own.advance(1_000)
    expect(clock.now()).toBe(T0 + 1_000)
    expect(clock.behindMs).toBe(HOUR)
    own.shiftWall(2 * HOUR)
    expect([clock.now(), clock.behindMs]).toEqual([own.now(), 0])
  })

  it('goes on from what it is reminded of, unless it knows better', () => {
    const { own, clock } = clocks()
    clock.remind(T0 - HOUR)
    expect(clock.now()).toBe(T0)
    clock.remind(T0 + HOUR)
    own.advance(5)
    expect(clock.now()).toBe(T0 + HOUR + 5)
  })

  it('never goes back, whatever happens to the computer’s', () => {
    const step = fc.record({
      advance: fc.integer({ min: 0, max: 100_000 }),
      shift: fc.integer({ min: -10 * HOUR, max: 10 * HOUR }),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 50 }), (steps) => {
        const { own, clock } = clocks()
        let before = clock.now()
        for (const { advance, shift } of steps) {
          own.shiftWall(shift)
          const atOnce = clock.now()
          expect(atOnce).toBeGreaterThanOrEqual(Math.max(before, own.now()))
          own.advance(advance)
          before = clock.now()
          expect(before).toBeGreaterThanOrEqual(atOnce + advance)
        }
      }),
    )
  })

  it('can be told to forget', () => {
    const { own, clock } = clocks()
    clock.remind(T0 + HOUR)
    clock.trust()
    expect([clock.now(), clock.behindMs, clock.lookForJump()]).toEqual([own.now(), 0, 0])
  })
})

describe('a look for a jump', () => {
  it('sees what was set, forward or back, once, and no drift', () => {
    const { own, clock } = clocks()
    expect(clock.lookForJump()).toBe(0)
    own.advance(10_000)
    own.shiftWall(2_000)
    expect(clock.lookForJump()).toBe(0)
    own.shiftWall(HOUR)
    expect([clock.lookForJump(), clock.lookForJump()]).toEqual([HOUR, 0])
    own.advance(10_000)
    own.shiftWall(-2_001)
    expect([clock.lookForJump(), clock.lookForJump()]).toEqual([-2_001, 0])
  })

  it('sees what happened before this process began', () => {
    const { clock } = clocks()
    clock.remind(T0 + HOUR)
    expect([clock.lookForJump(), clock.lookForJump()]).toEqual([-HOUR, 0])
    clock.remind(T0 + HOUR)
    clock.remind(T0 + HOUR + 1_000)
    expect(clock.lookForJump()).toBe(0)
  })
})
