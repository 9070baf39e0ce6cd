import { wants } from '../output/raw-flags.ts'
import { jsonText } from '../text/json-text.ts'
import { reportOf } from './error-report.ts'

/**
 * Ends the process over a failure that no command is there to report, and tells it like every other one.
 * @param argv the words of the command line, which say whether `--json` is wanted
 */
export function exitWithError(error: unknown, argv: readonly string[]): never {
  const report = reportOf(error)
  if (wants('json', argv, process.env)) {
    process.stdout.write(`${jsonText({ error: report }, 2)}\n`)
  } else {
    process.stderr.write(`Error: ${report.message}\n${report.nextStep}\n`)
  }
  process.exit(report.exitCode)
}

/** Ends the process because stdout does not take the answer, on a full disk, say; tells it on stderr alone. */
export function exitUnheard(error: unknown): never {
  const { message, nextStep, exitCode } = reportOf(error)
  process.stderr.write(`Error: ${message}\n${nextStep}\n`)
  process.exit(exitCode)
}
