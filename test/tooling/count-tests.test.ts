import { expect, test } from 'vitest'
import { countTests } from '../../scripts/tests/count-tests.ts'

function report(over: Readonly<Record<string, unknown>>): string {
  const counts = { numPassedTests: 3, numFailedTests: 0, numPendingTests: 1 }
  const whole = { success: true, ...counts, testResults: [] }
  return JSON.stringify({ ...whole, ...over })
}

test('a clean report is a success', () => {
  expect(countTests(report({}))).toEqual({ passed: 3, failed: 0, skipped: 1, success: true })
})

test('a failed test fails the run', () => {
  const failed = report({ success: false, numFailedTests: 2 })
  expect(countTests(failed)).toEqual({ passed: 3, failed: 2, skipped: 1, success: false })
})

test('a test file that could not be loaded counts as a failure', () => {
  const testResults = [
    { status: 'failed', assertionResults: [] },
    { status: 'passed', assertionResults: [{}] },
  ]
  expect(countTests(report({ testResults }))).toEqual({
    passed: 3,
    failed: 1,
    skipped: 1,
    success: false,
  })
})

test('an error outside of any test fails the run', () => {
  expect(countTests(report({ success: false }))).toMatchObject({ failed: 0, success: false })
})

test('a run without tests, and a run without a report, are no success', () => {
  expect(countTests(report({ numPassedTests: 0 })).success).toBe(false)
  expect(countTests(undefined)).toEqual({ passed: 0, failed: 0, skipped: 0, success: false })
})
