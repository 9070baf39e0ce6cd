/** Prints `N passed, N failed` from vitest's own report; exits 1 unless everything passed. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { countTests } from './count-tests.ts'

const file = process.argv[2] ?? join('node_modules', '.cache', 'taleus', 'vitest.json')

function read(): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    console.error(`No test report at ${file}: the tests did not run to their end.`)
    return undefined
  }
}

const { passed, failed, success } = countTests(read())
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = success ? 0 : 1
