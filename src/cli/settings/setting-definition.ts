import type { ListenerInit } from '../../service/listener/listener-init.ts'

type SessionConfig = ListenerInit['config']

/**
 * The kinds of values. Numbers are kept as numbers, durations in ms, sizes in bytes; an endpoint is HOST:PORT, a page its
 * address, a choice one of a few words, choices several of them, a path absolute, a command a program with its arguments, a database one of the
 * choices or the URL of a server. How each kind is read, checked and shown is in setting-values.ts.
 */
export type SettingKind =
  | 'duration'
  | 'integer'
  | 'bytes'
  | 'endpoint'
  | 'page'
  | 'list'
  | 'choice'
  | 'choices'
  | 'path'
  | 'command'
  | 'database'

export interface SettingDefinition {
  readonly kind: SettingKind
  readonly description: string
  /**
   * When a running listener goes by a new value: at once, when it is started again, or never: the next command does.
   * @default 'now'
   */
  readonly takesEffect?: 'now' | 'restart' | 'next'
  /** Smallest and greatest: ms, number, bytes, characters, or items. */
  readonly min: number
  readonly max: number
  /** The words that a choice takes, or that may be among several. */
  readonly choices?: readonly string[]
  /** Of a database: the setting that names the file with its password. */
  readonly passwordSetting?: string
  /** The value when neither flag, environment nor file say anything; without one the setting is off. */
  readonly fallback?: number | string | readonly string[]
  /** The option of the session core that the value goes to. */
  readonly sessionOption?: keyof SessionConfig
  /** Makes it a flag of `listen`; this is the flag's help. */
  readonly listenFlag?: { readonly description: string; readonly helpValue?: string }
}
