import {
  chooseAddresses,
  type InvitationAddresses,
  isForOthers,
  ofNode,
} from '../../service/invitations/invitation-addresses.ts'
import { runningAddresses } from '../../service/invitations/running-addresses.ts'
import { listNodes } from '../../service/node/node-register.ts'
import type { ReachReport } from '../../service/reach/reach-report.ts'
import type { Context } from '../context.ts'
import { linkReachText } from '../text/reach-text.ts'

/** The addresses that a new link will name, and whether a listener is there to answer. */
export interface LinkPlan extends InvitationAddresses {
  readonly listening: boolean
  /** How far these addresses were proven to lead to the running listener. */
  readonly proofs: ReachReport
  /** The reason that the running listener could not be asked for its addresses; those that were named are taken. */
  readonly unheard?: string
  /** Nodes of this party may answer there. */
  readonly nodes?: true
}

/**
 * Chooses the addresses for a new link, see `chooseAddresses`.
 * @param flag `--announce`, if given
 * @throws NoAddressError, AddressError, SettingsFileError; ControlError if the running listener must be asked, and can't
 */
export async function planLink(
  context: Context,
  flag: readonly string[] | undefined,
): Promise<LinkPlan> {
  const settings = await context.settings()
  const { value, source } = settings.effective('announce', flag)
  const isNamedNow = source === 'flag' || source === 'environment'
  const announce = typeof value === 'object' ? value : []
  const running = await runningAddresses(context.directory)
  const unheard = running !== undefined && 'unheard' in running ? running.unheard : undefined
  // Where a listener is that can't be asked, only addresses that somebody named are sure to lead to it.
  if (unheard !== undefined && announce.length === 0) throw unheard
  const nodes = await listNodes(await context.store())
  const keyId = await context.keyId()
  const ownNode = keyId === (await context.peerId()) ? undefined : keyId
  const isOfNodes = nodes.length > 0 || ownNode !== undefined
  const chosen = chooseAddresses({
    nodes: nodes.map(({ addresses, peerId }) => ofNode(addresses, peerId)),
    ownNode,
    named: isNamedNow ? announce : [],
    running: running !== undefined && 'addresses' in running ? running.addresses : undefined,
    announce,
    listen: settings.list('listen'),
    relays: settings.list('relay'),
  })
  const named = new Set(chosen.addresses.map(({ address }) => address))
  const report = running !== undefined && 'reach' in running ? running.reach : []
  const proofs = report.filter(({ address }) => named.has(address))
  const others = new Set(chosen.addresses.filter(isForOthers).map(({ address }) => address))
  const telling = proofs.filter(({ address }) => others.has(address))
  const reach = linkReachText(chosen.reach, telling, Date.now())
  const plan = { ...chosen, proofs, ...(isOfNodes ? { nodes: true as const } : {}) }
  if (unheard === undefined) return { ...plan, reach, listening: running !== undefined }
  const listening = unheard.code === 'control_busy'
  return { ...plan, listening, unheard: unheard.message }
}
