import { existsSync } from 'node:fs'
import { withContext } from '../context.ts'
import { ERROR_CODES } from '../errors/error-codes.ts'
import type { ExitCode } from '../errors/exit-codes.ts'
import type { Locations } from '../locations.ts'
import { type StatusDocument, statusDocument } from './status-document.ts'

export interface ShownStatus {
  readonly document: StatusDocument
  readonly exitCode: ExitCode
}

/**
 * Shows how the listener is, and what the store holds. Makes nothing that was not there.
 * @throws DataDirectoryError, ControlError, StoreError, StoreDamagedError
 */
export async function showStatus(locations: Locations): Promise<ShownStatus> {
  const { nextStep, exitCode } = ERROR_CODES.no_listener
  // Asking how things are must not make a data directory.
  if (!existsSync(locations.dataDirectory)) {
    return { document: statusDocument(undefined, undefined, nextStep), exitCode }
  }
  return await withContext(locations, async (context) => {
    const { controlSocket } = context.directory
    const status = existsSync(controlSocket) ? await asked(controlSocket) : undefined
    const document = statusDocument(status, await context.usage(), nextStep)
    return { document, exitCode: status === undefined ? exitCode : 0 }
  })
}

/** Where nobody is to be asked, a command that starts cold saves the loading. */
async function asked(controlSocket: string) {
  const { askListener } = await import('../../service/control/control-client.ts')
  return await askListener(controlSocket, 'status', {})
}
