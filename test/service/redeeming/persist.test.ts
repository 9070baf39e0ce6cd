import { describe, expect, it } from 'vitest'
import { Patience } from '../../../src/service/redeeming/patience.ts'
import { type No, persist } from '../../../src/service/redeeming/persist.ts'

const NEVER = new AbortController().signal

/** Somebody who gives these answers, the last one again and again. */
function somebody(...answers: readonly (No | 'yes')[]) {
  const asked: number[] = []
  const ask = async (ms: number): Promise<No | 'yes'> => {
    asked.push(ms)
    return answers[Math.min(asked.length, answers.length) - 1] ?? 'yes'
  }
  const noIn = (answer: No | 'yes') => (answer === 'yes' ? undefined : answer)
  const go = (ms: number, signal = NEVER) => persist(new Patience(ms), signal, ask, noIn)
  return { asked, go }
}

describe('whoever is told to come again', () => {
  it('"at once" makes a pause all the same', async () => {
    const { asked, go } = somebody({ code: 'busy', retryAfterMs: 0 })
    expect(await go(600)).toMatchObject({ code: 'busy' })
    expect(asked.length).toBeGreaterThan(1)
    expect(asked.length).toBeLessThanOrEqual(3)
  })

  it.each(['busy', 'rate_limited', 'draining', 'in_progress', 'paused'])(
    'does so after %s',
    async (code) => {
      const { asked, go } = somebody({ code, retryAfterMs: 1 }, 'yes')
      expect(await go(30_000)).toBe('yes')
      expect(asked).toHaveLength(2)
      expect(asked[1]).toBeLessThan(asked[0] ?? 0)
    },
  )

  it('does not wait for a time that it has not got', async () => {
    const { asked, go } = somebody({ code: 'busy', retryAfterMs: 30_000 }, 'yes')
    expect(await go(20_000)).toMatchObject({ code: 'busy', retryAfterMs: 30_000 })
    expect(asked).toHaveLength(1)
  })

  it('does not insist where a "no" is meant', async () => {
    const { asked, go } = somebody({ code: 'revoked', retryAfterMs: 1 }, 'yes')
    expect(await go(30_000)).toMatchObject({ code: 'revoked' })
    expect(asked).toHaveLength(1)
  })

  it('stops when the user does', async () => {
    const controller = new AbortController()
    const { go } = somebody({ code: 'busy', retryAfterMs: 20_000 }, 'yes')
    const answer = go(60_000, controller.signal)
    controller.abort()
    expect(await answer).toMatchObject({ code: 'busy' })
  })
})

it('the time that the user takes itself is not counted', async () => {
  const patience = new Patience(10_000)
  await patience.notCounting(() => new Promise((resolve) => setTimeout(resolve, 300)))
  const after = patience.left
  expect(after).toBeGreaterThan(9_800)
  await new Promise((resolve) => setTimeout(resolve, 300))
  expect(patience.left).toBeLessThan(after - 250)
})
