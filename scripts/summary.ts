/** Prints `N passed, N failed, N skipped` from vitest's own report; exits 1 unless everything passed. */
import { readFileSync } from 'node:fs'
import { countTests } from './tests/count-tests.ts'
import { TEST_REPORT } from './tests/test-report.ts'

function read(): string | undefined {
  try {
    return readFileSync(TEST_REPORT, 'utf8')
  } catch {
    console.error(`No test report at ${TEST_REPORT}: the tests did not run to their end.`)
    return undefined
  }
}

const { passed, failed, skipped, success } = countTests(read())
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`)
process.exitCode = success ? 0 : 1
