import { type Context, withContext } from '../context.ts'
import type { Locations } from '../locations.ts'
import type { Output } from '../output/output.ts'
import { type IdentityFields, parseIdentityFields } from '../settings/identity-fields.ts'
import { openSettings } from '../settings/settings.ts'
import type { ScreenText } from '../text/screen-text.ts'
import { renderTable } from '../text/table.ts'

/** This party's id, and the fields it may disclose about itself. */
export interface Identity {
  readonly peerId: string
  readonly identity: IdentityFields
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
  return { peerId, identity: settings.identity }
}

/** Changes fields, `name=value` each. @throws UsageError, and what `showIdentity` throws */
export async function setIdentity(
  locations: Locations,
  fields: readonly string[],
  output: Output,
  reason?: string,
): Promise<Identity> {
  const changes = parseIdentityFields(fields)
  const settings = await openSettings(locations.settingsDirectory, process.env)
  const work = async (context: Context) => {
    const peerId = await context.peerId()
    return await settings.changing(async () => {
      const identity = await settings.setIdentity(changes)
      await recordChange(context, Object.keys(changes), reason)
      return { peerId, identity }
    })
  }
  return await withContext(locations, work, output.newParty)
}

/** Records which fields were changed, and not their values: the audit is kept for ever. */
async function recordChange(context: Context, fields: string[], reason?: string): Promise<void> {
  const { currentOperator, operatorRecord } = await import('../../service/record/operator.ts')
  const record = operatorRecord('identity set', {}, { fields }, currentOperator(reason))
  const store = await context.store()
  await store.write(({ audit }) => audit.append(record))
}

export function identityText({ peerId, identity }: Identity): ScreenText {
  const rows = [['peer id', peerId], ...Object.entries(identity)]
  return renderTable([{ title: '' }, { title: '' }], rows, { width: Number.POSITIVE_INFINITY })
}
