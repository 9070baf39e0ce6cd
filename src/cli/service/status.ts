import { type Context, withContext } from '../context.ts'
import { ERROR_CODES } from '../errors/error-codes.ts'
import type { ExitCode } from '../errors/exit-codes.ts'
import type { Locations } from '../locations.ts'
import type { Hinted } from '../text/hint.ts'
import { type StatusDocument, statusDocument } from './status-document.ts'

export interface ShownStatus {
  readonly document: StatusDocument
  readonly exitCode: ExitCode
}

/**
 * Shows how the listener is, and what the store holds. Makes nothing that was not there.
 * @throws NoPartyError, DataDirectoryError, ControlError, StoreError, StoreDamagedError
 */
export async function showStatus(locations: Locations, hinted: Hinted): Promise<ShownStatus> {
  const { nextStep, exitCode } = ERROR_CODES.no_listener
  return await withContext(locations, async (context) => {
    const status = context.isServed() ? await listenerStatus(context) : undefined
    const document = statusDocument(status, await context.usage(), hinted(nextStep))
    return { document, exitCode: status === undefined ? exitCode : 0 }
  })
}

/** Where nobody is to be asked, a command that starts cold saves the loading. */
async function listenerStatus({ directory }: Context) {
  const { askListener } = await import('../../service/control/control-client.ts')
  return await askListener(directory, 'status', {})
}
