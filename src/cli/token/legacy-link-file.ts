import { runningStatus } from '../../service/control/control-client.ts'
import type { Context } from '../context.ts'
import { UsageError } from '../errors/errors.ts'
import { openFileSink } from '../output/file-sink.ts'
import type { TextSink } from '../output/text-sink.ts'

/**
 * Opens the file for an older link, before anything is minted.
 * @param grant of the invitation that it will be of
 * @throws UsageError for an invitation that no listener of this party would give to an older peer; FileExistsError,
 *   OutputFileError
 */
export async function openLegacyLink(
  context: Context,
  path: string,
  { terms }: { readonly terms: unknown },
): Promise<TextSink> {
  if (terms !== null)
    throw new UsageError(
      '--legacy-link is not for an invitation with terms: no older link tells them',
    )
  if (!(await servesLegacy(context)))
    throw new UsageError(
      '--legacy-link needs a listener that serves older peers: `taleus config set legacy on`, then start it again',
    )
  return await openFileSink(path)
}

/** As the listener that runs was started; where none runs, as the next one will be. */
async function servesLegacy(context: Context): Promise<boolean> {
  const running = await runningStatus(context.directory)
  const inUse = running?.limits.find(({ key }) => key === 'legacy')
  const value = inUse?.value ?? (await context.settings()).effective('legacy').value
  return value === 'on'
}
