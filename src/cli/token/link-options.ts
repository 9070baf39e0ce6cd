import {
  chooseAddresses,
  type InvitationAddresses,
} from '../../service/invitations/invitation-addresses.ts'
import { runningAddresses } from '../../service/invitations/running-addresses.ts'
import type { Context } from '../context.ts'

/** The addresses that a new link will name, and whether a listener is there to answer. */
export interface LinkPlan extends InvitationAddresses {
  readonly listening: boolean
  /** The reason that the running listener could not be asked for its addresses; those of the settings are taken. */
  readonly unheard?: string
}

/**
 * Chooses the addresses for a new link, see `chooseAddresses`.
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
    running: running !== undefined && 'addresses' in running ? running.addresses : [],
    announce,
    listen: settings.list('listen'),
  })
  if (running === undefined || 'addresses' in running)
    return { ...chosen, listening: running !== undefined }
  return { ...chosen, listening: running.isServing, unheard: running.problem }
}
