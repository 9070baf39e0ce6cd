import { runningStatus } from '../../service/control/control-client.ts'
import { legacyLinkOf } from '../../service/invitations/legacy-link.ts'
import type { Context } from '../context.ts'
import { UsageError } from '../errors/errors.ts'
import type { HandedFile } from './handed-files.ts'

/**
 * Finds what writes the older link of an invitation.
 * @param grant of the invitation that it will be of
 * @throws UsageError for an invitation that no listener of this party would give to an older peer
 */
export async function legacyLinkText(
  context: Context,
  { terms }: { readonly terms: unknown },
): Promise<HandedFile['text']> {
  if (terms !== null)
    throw new UsageError(
      '--legacy-link is not for an invitation with terms: no older link tells them',
    )
  if (!(await servesLegacy(context)))
    throw new UsageError(
      '--legacy-link needs a listener that serves older peers: `taleus config set legacy on`, then start it again',
    )
  return legacyLinkOf
}

/** As the listener that runs was started; where none runs, as the next one will be. */
async function servesLegacy(context: Context): Promise<boolean> {
  const running = await runningStatus(context.directory)
  const inUse = running?.limits.find(({ key }) => key === 'legacy')
  const value = inUse?.value ?? (await context.settings()).effective('legacy').value
  return value === 'on'
}
