import { expect, test } from 'vitest'
import { interleave, median, medianRound } from '../../bench/load/interleave.ts'
import type { Load, Loadable } from '../../bench/load/load.ts'
import { runLoad } from '../../bench/load/run-load.ts'

const LOAD: Load = { connection: 'shared', concurrency: 3, count: 10 }

test('contenders take turns, the first round does not count', async () => {
  const turns: string[] = []
  const contender = (name: string, rates: number[]): Loadable => ({
    async measure() {
      turns.push(name)
      return { rate: rates.shift() ?? 0, p50: 0, p99: 0, serverCpu: 0 }
    },
  })
  const contenders = [contender('a', [999, 3, 1, 2]), contender('b', [0, 30, 10, 20])]
  const results = await interleave(contenders, LOAD, 3)
  expect(turns.join('')).toBe('abababab')
  expect(results.map((rounds) => rounds.map(({ rate }) => rate))).toEqual([
    [3, 1, 2],
    [30, 10, 20],
  ])
  expect(results.map((rounds) => medianRound(rounds).rate)).toEqual([2, 20])
})

test('of an even number of rounds the median is between the two in the middle', () => {
  expect(median([40, 1, 20, 30])).toBe(25)
})

test('there is no median of nothing', () => {
  expect(() => median([])).toThrow(RangeError)
})

test('a load runs exactly its count, never more at a time than asked, and waits for the rest', async () => {
  let now = 0
  let most = 0
  let begun = 0
  let finished = 0
  const measured = await runLoad(LOAD, async () => {
    begun++
    most = Math.max(most, ++now)
    await new Promise(setImmediate)
    now--
    return { rest: new Promise(setImmediate).then(() => void finished++) }
  })
  expect({ begun, most, finished }).toEqual({ begun: 10, most: 3, finished: 10 })
  expect(measured.rate).toBeGreaterThan(0)
})

test('one failed exchange fails the load', async () => {
  const failing = runLoad(LOAD, async () => await Promise.reject(new Error('broken')))
  await expect(failing).rejects.toThrow('broken')
})
