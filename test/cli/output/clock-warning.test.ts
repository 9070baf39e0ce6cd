import { expect, test } from 'vitest'
import { clockWarning } from '../../../src/cli/output/clock-warning.ts'

test('a clock that is behind is told with the way out, a clock that is a little behind is not', () => {
  expect(clockWarning(0)).toBeUndefined()
  expect(clockWarning(59_999)).toBeUndefined()
  expect(clockWarning(3_600_000)).toMatch(/1h behind .*--trust-clock/)
})
