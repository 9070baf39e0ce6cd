import { z } from 'zod'

const reportSchema = z.object({
  success: z.boolean(),
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  testResults: z.array(z.object({ status: z.string(), assertionResults: z.array(z.unknown()) })),
})

export interface TestCount {
  readonly passed: number
  readonly failed: number
  /** Tests that need what this machine does not have. */
  readonly skipped: number
  /** False too when nothing ran, or when something failed outside a test. */
  readonly success: boolean
}

/**
 * Counts what a vitest JSON report holds. A test file that could not be loaded has no tests in the
 * report and counts as one failure.
 * @param report the report's text, or nothing if there is none
 * @throws if the text is no such report
 */
export function countTests(report: string | undefined): TestCount {
  if (report === undefined) return { passed: 0, failed: 0, skipped: 0, success: false }
  const parsed = reportSchema.parse(JSON.parse(report))
  const { success, numPassedTests, numFailedTests, numPendingTests, testResults } = parsed
  const unloaded = testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  ).length
  const failed = numFailedTests + unloaded
  return {
    passed: numPassedTests,
    failed,
    skipped: numPendingTests,
    success: success && failed === 0 && numPassedTests > 0,
  }
}
