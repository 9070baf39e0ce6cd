import fc from 'fast-check'
import { expect, it } from 'vitest'
import { BlockFilter, type IdKind, mayHold } from '../../../src/audit/record/block-filter.ts'
import { sha256Hex } from '../../../src/protocol/base/digest.ts'

const someIds = fc.array(fc.tuple(fc.constantFrom<IdKind>('token', 'peer'), fc.string()))

function filterOf(ids: readonly (readonly [IdKind, string])[]): Uint8Array {
  const filter = new BlockFilter()
  for (const [kind, id] of ids) filter.add(kind, id)
  return filter.bytes
}

it('never denies what is in a block, and depends on nothing but that', () => {
  fc.assert(
    fc.property(someIds, (ids) => {
      const filter = filterOf(ids)
      for (const [kind, id] of ids) expect(mayHold(filter, kind, id)).toBe(true)
      expect(filterOf(ids.toReversed())).toEqual(filter)
    }),
  )
})

it('denies nearly all that is not', () => {
  // Ids are hashes and keys: as good as random.
  const name = (n: number) => `12D3KooW${sha256Hex(String(n)).slice(0, 44)}`
  const filter = filterOf(Array.from({ length: 100 }, (_, n) => ['peer', name(n)] as const))
  const wrong = Array.from({ length: 10_000 }, (_, n) => n + 100).filter((n) =>
    mayHold(filter, 'peer', name(n)),
  )
  expect(wrong.length).toBeLessThan(30)
  expect(Array.from({ length: 100 }, (_, n) => mayHold(filter, 'token', name(n)))).toContain(false)
})

it('what is no filter denies nothing', () => {
  expect(mayHold(new Uint8Array(3), 'token', 'any')).toBe(true)
  expect(mayHold(new BlockFilter().bytes, 'token', 'any')).toBe(false)
})
