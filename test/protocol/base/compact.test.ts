import { expect, expectTypeOf, test } from 'vitest'
import { compact } from '../../../src/protocol/base/compact.ts'

test('members that are undefined are missing from the copy, all others are there in their order', () => {
  const members = { b: 0, a: undefined, d: null, c: '' }
  expect(Object.entries(compact(members))).toEqual([
    ['b', 0],
    ['d', null],
    ['c', ''],
  ])
  expect(members).toHaveProperty('a')
})

test('a member that may be undefined is optional in the type, and the others stay required', () => {
  const reason: string | undefined = ['because'].at(0)
  const refusal = compact({ type: 'refused', reason })
  expectTypeOf(refusal.type).toEqualTypeOf<'refused'>()
  const exact: { readonly type: 'refused'; readonly reason?: string } = refusal
  expect(exact).toEqual({ type: 'refused', reason: 'because' })
})
