import { compact } from '../../protocol/base/compact.ts'
import type { DatabaseCause } from '../machine/failure.ts'

const CAUSES: readonly DatabaseCause[] = ['database_unreachable', 'database_setup']

/** Makes the event of a database hook that failed. A hook of a host may say the cause by the `code` of its error. */
export function databaseFailed(detail: string, error: unknown) {
  return compact({ type: 'hookFailed', hook: 'database', detail, cause: causeOf(error) })
}

function causeOf(error: unknown): DatabaseCause | undefined {
  try {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    return CAUSES.find((cause) => cause === code)
  } catch {
    return undefined
  }
}
