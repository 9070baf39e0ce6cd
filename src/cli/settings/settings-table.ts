import type { ListenerInit } from '../../service/listener/listener-init.ts'
import { COMMAND_SETTINGS } from './command-settings.ts'
import { DATABASE_SETTINGS } from './database-settings.ts'
import { HOOK_SETTINGS } from './hook-settings.ts'
import { INVITATION_SETTINGS } from './invitation-settings.ts'
import { NETWORK_SETTINGS } from './network-settings.ts'
import type { SettingDefinition } from './setting-definition.ts'
import { STORE_SETTINGS } from './store-settings.ts'

type SessionConfig = ListenerInit['config']

const SECOND = 1_000
const HOUR = 3_600 * SECOND
const DAY = 24 * HOUR
const MIB = 1_024 ** 2
const TIB = 1_024 ** 4

/**
 * Every setting, by the name of the flag that overrides it. To add one, add it here: the settings file and its check,
 * `config`, the variable `TALEUS_…` (the name in capitals, `-` as `_`), the flag of `listen`, what `status` lists, the
 * session core's option and docs/limits.md (`npm run docs`) all follow from its entry. A default that the session core
 * has too is the same here; a test holds them together.
 */
export const SETTINGS = {
  ...NETWORK_SETTINGS,
  ...STORE_SETTINGS,
  ...DATABASE_SETTINGS,
  ...HOOK_SETTINGS,
  'max-sessions': {
    kind: 'integer',
    description: 'Sessions under way at once; what comes beyond is told to come again.',
    min: 1,
    max: 100_000,
    fallback: 100,
    sessionOption: 'maxConcurrentSessions',
    listenFlag: { description: 'Sessions at once.', helpValue: 'N' },
  },
  'rate-limit': {
    kind: 'integer',
    description: 'Attempts that one peer may make per minute.',
    min: 1,
    max: 1_000_000_000,
    fallback: 10,
    sessionOption: 'rateLimitPerPeer',
    listenFlag: { description: 'Attempts per peer and minute.', helpValue: 'N' },
  },
  'sessions-per-peer': {
    kind: 'integer',
    description: 'Sessions of one peer under way at once.',
    min: 1,
    max: 100_000,
    fallback: 10,
    sessionOption: 'maxSessionsPerPeer',
  },
  'address-rate-limit': {
    kind: 'integer',
    description: 'Attempts per minute from one IPv4 address or IPv6 /64.',
    min: 1,
    max: 1_000_000_000,
    fallback: 600,
    sessionOption: 'rateLimitPerAddress',
  },
  'total-rate-limit': {
    kind: 'integer',
    description: 'Attempts per minute from everybody together.',
    min: 1,
    max: 1_000_000_000,
    fallback: 60_000,
    sessionOption: 'rateLimitTotal',
  },
  'bad-secrets': {
    kind: 'integer',
    description:
      'Wrong secrets that one peer may show per minute; from one address ten times as many.',
    min: 1,
    max: 1_000_000,
    fallback: 5,
    sessionOption: 'badSecretsPerPeer',
  },
  'breaker-failures': {
    kind: 'integer',
    description: 'Databases in a row that fail to be built before no more is tried.',
    min: 1,
    max: 1_000_000,
    fallback: 5,
    sessionOption: 'breakerFailures',
  },
  'breaker-pause': {
    kind: 'duration',
    description: 'How long nothing is built after that.',
    min: 100,
    max: HOUR,
    fallback: 10 * SECOND,
    sessionOption: 'breakerPauseMs',
  },
  'session-timeout': {
    kind: 'duration',
    description: 'The longest that one session may take.',
    min: SECOND,
    max: HOUR,
    fallback: 30 * SECOND,
    sessionOption: 'sessionTimeoutMs',
    listenFlag: { description: 'Longest session, e.g. 30s.' },
  },
  'step-timeout': {
    kind: 'duration',
    description: 'The longest that one step of a session may take.',
    min: 100,
    max: 10 * 60 * SECOND,
    fallback: 5 * SECOND,
    sessionOption: 'stepTimeoutMs',
    listenFlag: { description: 'Longest step, e.g. 5s.' },
  },
  'provision-timeout': {
    kind: 'duration',
    description: 'The longest that building a database may take.',
    min: 100,
    max: 10 * 60 * SECOND,
    fallback: 10 * SECOND,
    sessionOption: 'provisionTimeoutMs',
  },
  'drain-timeout': {
    kind: 'duration',
    description: 'How long `listen` lets sessions finish when it is asked to stop.',
    min: 0,
    max: HOUR,
    fallback: 10 * SECOND,
    listenFlag: { description: 'Time to finish when asked to stop.' },
  },
  'node-lease': {
    kind: 'duration',
    takesEffect: 'restart',
    description:
      'Where several nodes share a store: after so long without a word from one the others take over what it has begun.',
    min: SECOND,
    max: 10 * 60 * SECOND,
    fallback: 3 * SECOND,
    listenFlag: { description: 'Silence after which another node takes over, e.g. 3s.' },
  },
  'disk-warn': {
    kind: 'bytes',
    description: 'With less free space on the disk than this, `listen` warns.',
    min: 0,
    max: TIB,
    fallback: 256 * MIB,
  },
  'disk-reserve': {
    kind: 'bytes',
    description: 'With less than this, new sessions are refused before anything is written.',
    min: 0,
    max: TIB,
    fallback: 64 * MIB,
  },
  'session-history': {
    kind: 'integer',
    description: 'Sessions that are kept when they are over; of older ones the audit tells.',
    min: 0,
    max: 10_000_000,
    fallback: 1_000,
    sessionOption: 'maxSessionHistory',
  },
  'audit-retention': {
    kind: 'duration',
    description: 'How far back `listen` keeps the audit; of what is older a signed stub stays.',
    min: DAY,
    max: 36_500 * DAY,
  },
  'audit-level': {
    kind: 'choice',
    description:
      'What the audit holds: `full`, or `minimal`, which leaves out the steps of sessions.',
    min: 4,
    max: 7,
    choices: ['full', 'minimal'],
    fallback: 'full',
    sessionOption: 'auditLevel',
  },
  metrics: {
    kind: 'choice',
    takesEffect: 'restart',
    description: '`off`: nothing is counted or timed for /metrics, which says so.',
    min: 2,
    max: 3,
    choices: ['on', 'off'],
    fallback: 'on',
    sessionOption: 'metricsEnabled',
  },
  http: {
    kind: 'endpoint',
    takesEffect: 'restart',
    description: 'HOST:PORT for /healthz, /readyz and /metrics; best on loopback.',
    min: 3,
    max: 260,
    listenFlag: { description: 'Tell health and metrics there.', helpValue: 'HOST:PORT' },
  },
  ...COMMAND_SETTINGS,
  ...INVITATION_SETTINGS,
} as const satisfies Record<string, SettingDefinition>

export type SettingKey = keyof typeof SETTINGS

/** A setting's value in memory and in the file. */
export type SettingValue = number | string | readonly string[]

export const SETTING_KEYS = Object.keys(SETTINGS).filter(isSettingKey)

export function isSettingKey(key: string): key is SettingKey {
  return Object.hasOwn(SETTINGS, key)
}

export function definitionOf(key: SettingKey) {
  const definition: SettingDefinition = SETTINGS[key]
  return { takesEffect: 'now' as const, ...definition }
}

/** The environment variable that overrides a setting, e.g. `TALEUS_STEP_TIMEOUT`. */
export function environmentNameOf(key: SettingKey): string {
  return `TALEUS_${key.toUpperCase().replaceAll('-', '_')}`
}

/** The part of the session core's configuration that the settings say. */
export function sessionConfigOf(
  find: (key: SettingKey) => SettingValue | undefined,
): SessionConfig {
  return Object.fromEntries(
    SETTING_KEYS.flatMap((key) => {
      const { sessionOption } = definitionOf(key)
      const value = find(key)
      if (sessionOption === undefined || value === undefined) return []
      const isSwitch = value === 'on' || value === 'off'
      return [[sessionOption, isSwitch ? value === 'on' : value]]
    }),
  )
}
