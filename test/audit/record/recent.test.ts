import fc from 'fast-check'
import { expect, it } from 'vitest'
import { Recent } from '../../../src/audit/record/recent.ts'

it('keeps what came last, at least so many and at most twice as many', () => {
  const keys = fc.array(fc.nat({ max: 30 }), { maxLength: 100 })
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 8 }), keys, (count, all) => {
      const recent = new Recent<number, number>(count)
      for (const [at, key] of all.entries()) recent.set(key, at)
      const last = new Map(all.map((key, at) => [key, at]))
      const newest = [...new Set(all.toReversed())].slice(0, count)
      for (const key of newest) expect(recent.get(key)).toBe(last.get(key))
      const kept = [...last.keys()].filter((key) => recent.get(key) !== undefined)
      expect(kept.length).toBeLessThanOrEqual(2 * count)
      for (const key of kept) expect(recent.get(key)).toBe(last.get(key))
    }),
  )
})

it('is empty once it was cleared', () => {
  const recent = new Recent<string, number>(2)
  for (const key of ['a', 'b', 'c']) recent.set(key, 1)
  recent.clear()
  expect(['a', 'b', 'c'].map((key) => recent.get(key))).toEqual([undefined, undefined, undefined])
})
