import type { ListenerInit } from '../../service/listener/listener-init.ts'
import type { SettingKey } from './setting-definitions.ts'

type SessionConfig = ListenerInit['config']

/** The settings that sessions go by, and what the session core calls them. */
export const SESSION_SETTINGS = {
  'max-sessions': 'maxConcurrentSessions',
  'sessions-per-peer': 'maxSessionsPerPeer',
  'rate-limit': 'rateLimitPerPeer',
  'address-rate-limit': 'rateLimitPerAddress',
  'total-rate-limit': 'rateLimitTotal',
  'bad-secrets': 'badSecretsPerPeer',
  'breaker-failures': 'breakerFailures',
  'breaker-pause': 'breakerPauseMs',
  'session-timeout': 'sessionTimeoutMs',
  'step-timeout': 'stepTimeoutMs',
  'provision-timeout': 'provisionTimeoutMs',
  'session-history': 'maxSessionHistory',
} as const satisfies Partial<Record<SettingKey, keyof SessionConfig>>

/** The part of the session core's configuration that the settings say. */
export function sessionConfigOf(number: (key: SettingKey) => number): SessionConfig {
  const entries = Object.entries(SESSION_SETTINGS) as [keyof typeof SESSION_SETTINGS, string][]
  return Object.fromEntries(entries.map(([key, name]) => [name, number(key)]))
}
