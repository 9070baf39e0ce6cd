/**
 * Runs the npm scripts named on the command line one after the other, all of them even if one fails,
 * so that one run tells everything. Exits 1 if any failed.
 */
import { spawnSync } from 'node:child_process'

const steps = process.argv.slice(2).map((step) => {
  console.log(`\n── ${step}`)
  const started = performance.now()
  const { status } = spawnSync('npm', ['run', '--silent', step], {
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  return { step, passed: status === 0, seconds }
})

console.log()
for (const { step, passed, seconds } of steps) {
  console.log(`${passed ? 'ok    ' : 'FAILED'} ${step} (${seconds} s)`)
}
process.exitCode = steps.every(({ passed }) => passed) ? 0 : 1
