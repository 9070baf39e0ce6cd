import { expect, test } from 'vitest'
import { toError } from '../../../src/network/base/to-error.ts'

const error = new Error('as it is')

test('an error stays what it is, also inside an event', () => {
  expect(toError(error)).toBe(error)
  expect(toError(Object.assign(new Event('close'), { error }))).toBe(error)
})

test.each([
  [new Event('close'), 'event close'],
  [undefined, 'undefined'],
  ['words', 'words'],
  [{ error: 'no error' }, '[object Object]'],
])('%o becomes an error that keeps it', (thrown, message) => {
  expect(toError(thrown)).toMatchObject({ message, cause: thrown })
})
