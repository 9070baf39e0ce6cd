import {
  chooseAddresses,
  type InvitationAddresses,
} from '../../service/invitations/invitation-addresses.ts'
import { runningAddresses } from '../../service/invitations/running-addresses.ts'
import type { Context } from '../context.ts'

/** What a new link will name, and whether somebody is there to answer. */
export interface LinkPlan extends InvitationAddresses {
  readonly listening: boolean
}

/**
 * The addresses for a new link: see `chooseAddresses`.
 * @param flag `--announce`, if given
 * @throws NoAddressError, AddressError, SettingsFileError
 */
export async function planLink(
  context: Context,
  flag: readonly string[] | undefined,
): Promise<LinkPlan> {
  const settings = await context.settings()
  const { value, source } = settings.effective('announce', flag)
  const isNamedNow = source === 'flag' || source === 'environment'
  const announce = typeof value === 'object' ? value : []
  const running = await runningAddresses(context.directory.controlSocket)
  const chosen = chooseAddresses({
    named: isNamedNow ? announce : [],
    running: running ?? [],
    announce,
    listen: settings.list('listen'),
  })
  return { ...chosen, listening: running !== undefined }
}
