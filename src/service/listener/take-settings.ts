import type { JsonValue } from '../../protocol/json/json-value.ts'
import type { SessionConfig } from '../../session/config/session-config.ts'
import type { SessionStore } from '../../session/ports/store.ts'
import { recorded } from '../../session/ports/written.ts'
import type { ConfigTaken } from '../control/control-protocol.ts'
import { type Operator, operatorRecord } from '../record/operator.ts'
import type { ListenerSettings, SettingChange } from '../status/listener-settings.ts'

/** The settings to look at, who asks, and how they are applied. */
export interface SettingsTaking {
  readonly settings: ListenerSettings
  readonly store: Pick<SessionStore, 'submit'>
  readonly command: string
  readonly operator: Operator
  apply(config: Partial<SessionConfig>): void
}

/**
 * Looks at the settings again, records what changed, then goes by it.
 * @throws StoreError, and whatever says that the settings can't be used: then nothing changes
 */
export async function takeSettings(taking: SettingsTaking): Promise<ConfigTaken> {
  const { settings, store, command, operator, apply } = taking
  const { changes, config, take } = settings.reread()
  if (changes.length > 0) {
    const record = operatorRecord(command, {}, { changes: changes.map(recordOf) }, operator)
    await recorded(store, record)
  }
  take()
  apply(config)
  return { changes, inUse: settings.inUse }
}

function recordOf({ key, from, to, source, effect }: SettingChange): JsonValue {
  return { key, from, to, source, effect }
}
