import { compact } from '../../protocol/base/compact.ts'
import { cadreProblem } from '../../service/tallies/cadre-problem.ts'
import { type Context, withContext } from '../context.ts'
import { UsageError } from '../errors/errors.ts'
import type { Locations } from '../locations.ts'
import type { Output } from '../output/output.ts'
import { type IdentityFields, parseIdentityFields } from '../settings/identity-fields.ts'
import { openSettings } from '../settings/settings.ts'
import type { ScreenText } from '../text/screen-text.ts'
import { renderTable } from '../text/table.ts'

/** This party's id, and what it may disclose about itself. */
export interface Identity {
  readonly peerId: string
  readonly identity: IdentityFields
  /** Multiaddrs of the nodes that it nominates, without peer ids. */
  readonly cadre: readonly string[]
}

/**
 * Shows who this party is; makes the key if there is none.
 * @throws DataDirectoryError, KeyFileError, SettingsFileError, StoreOwnerError
 */
export async function showIdentity(locations: Locations, output: Output): Promise<Identity> {
  const settings = await openSettings(locations.settingsDirectory, process.env)
  const work = async (context: Context) => {
    const peerId = await context.peerId()
    // A key beside the store of another party is nobody to show.
    await context.store()
    return peerId
  }
  const peerId = await withContext(locations, work, output.newParty)
  return { peerId, identity: settings.identity, cadre: settings.cadre }
}

export interface IdentityChanges {
  /** Fields, `name=value` each. */
  readonly fields: readonly string[]
  /** The nodes to nominate, in place of those before; undefined: those stay. */
  readonly cadre?: readonly string[] | undefined
}

/** Changes what may be disclosed. @throws UsageError, ListenAddressError, and what `showIdentity` throws */
export async function setIdentity(
  locations: Locations,
  { fields, cadre: wanted }: IdentityChanges,
  output: Output,
  reason?: string,
): Promise<Identity> {
  if (fields.length === 0 && wanted === undefined) throw new UsageError(NOTHING_TO_SET)
  const changes = parseIdentityFields(fields)
  const settings = await openSettings(locations.settingsDirectory, process.env)
  const work = async (context: Context) => {
    const peerId = await context.peerId()
    const cadre = wanted && (await cadreOf(wanted, peerId))
    return await settings.changing(async () => {
      const identity = await settings.setIdentity(changes)
      if (cadre !== undefined) await settings.setCadre(cadre)
      await recordChange(context, Object.keys(changes), cadre, reason)
      return { peerId, identity, cadre: settings.cadre }
    })
  }
  return await withContext(locations, work, output.newParty)
}

const NOTHING_TO_SET = 'name a field, like name=Alice, or --cadre MULTIADDR, or --no-cadre'

async function cadreOf(texts: readonly string[], peerId: string): Promise<readonly string[]> {
  const { parseCadre } = await import('../../service/tallies/parse-cadre.ts')
  const cadre = parseCadre(texts, peerId)
  const problem = cadreProblem(cadre)
  if (problem !== undefined) throw new UsageError(problem)
  return cadre
}

/**
 * Records which fields were changed, and how many nodes are nominated, and not their values: the audit is kept for ever.
 */
async function recordChange(
  context: Context,
  fields: string[],
  cadre: readonly string[] | undefined,
  reason?: string,
): Promise<void> {
  const { currentOperator } = await import('../../service/record/operator.ts')
  const { noteCommand } = await import('../../service/record/note-command.ts')
  const changed = { fields, ...compact({ cadre: cadre?.length }) }
  const store = await context.store()
  await noteCommand(store, 'identity set', {}, changed, currentOperator(reason))
}

export function identityText({ peerId, identity, cadre }: Identity): ScreenText {
  const nodes = cadre.map((address, at) => [at === 0 ? 'cadre' : '', address])
  const rows = [['peer id', peerId], ...Object.entries(identity), ...nodes]
  return renderTable([{ title: '' }, { title: '' }], rows, { width: Number.POSITIVE_INFINITY })
}
