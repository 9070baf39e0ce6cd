import { wants } from '../output/raw-flags.ts'
import { writeScreen } from '../output/write-screen.ts'
import { jsonText } from '../text/json-text.ts'
import { errorText, reportOf } from './error-report.ts'

/**
 * Ends the process over a failure that no command is there to report, and tells it like every other one.
 * @param argv the words of the command line, which say whether `--json` is wanted
 */
export function exitWithError(error: unknown, argv: readonly string[]): never {
  const report = reportOf(error)
  if (wants('json', argv, process.env)) {
    writeScreen(process.stdout, jsonText({ error: report }, 2))
  } else {
    writeScreen(process.stderr, errorText(report))
  }
  process.exit(report.exitCode)
}

/** Ends the process because stdout does not take the answer, on a full disk, say; tells it on stderr alone. */
export function exitUnheard(error: unknown): never {
  const report = reportOf(error)
  writeScreen(process.stderr, errorText(report))
  process.exit(report.exitCode)
}
