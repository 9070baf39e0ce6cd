import { z } from 'zod/mini'
import type { SessionConfig } from '../../session/config/session-config.ts'

const value = z.nullable(z.union([z.number(), z.string(), z.readonly(z.array(z.string()))]))
const source = z.enum(['flag', 'environment', 'file', 'default'])

/** A setting that a listener goes by. Durations in ms, sizes in bytes; null: off. */
export const settingInUse = z.object({ key: z.string(), value, source })

export type SettingInUse = z.infer<typeof settingInUse>

/** A setting that the listener found changed. */
export const settingChange = z.object({
  key: z.string(),
  from: value,
  to: value,
  source,
  /** From when it counts: now, when the listener is started again, or for the next command (it is none of the listener's). */
  effect: z.enum(['now', 'restart', 'next']),
})

export type SettingChange = z.infer<typeof settingChange>

/** The findings of a listener that looked at its settings again. */
export interface RereadSettings {
  readonly changes: readonly SettingChange[]
  /** The sessions' settings from now on. */
  readonly config: Partial<SessionConfig>
  /** From now on this is what is in use. */
  take(): void
}

/** Settings that may change under a running listener. */
export interface ListenerSettings {
  readonly inUse: readonly SettingInUse[]
  /** Looks again. Changes nothing yet. @throws whatever says that the settings can't be used */
  reread(): RereadSettings
}
