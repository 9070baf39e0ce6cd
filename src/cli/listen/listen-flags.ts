import { Flags } from '@oclif/core'
import { formatSetting } from '../settings/setting-values.ts'
import { definitionOf, SETTING_KEYS } from '../settings/settings-table.ts'
import { reapOptions } from './reap-options.ts'

const LOG_FORMATS = ['text', 'json'] as const

/** A flag for each setting that has one; `ListenSettings` reads them. */
const settingFlags = Object.fromEntries(
  SETTING_KEYS.flatMap((key) => {
    const { kind, listenFlag, fallback } = definitionOf(key)
    if (listenFlag === undefined) return []
    const usual =
      fallback === undefined ? '' : ` [default: ${formatSetting(key, fallback)}, or the setting]`
    const told = { ...listenFlag, description: `${listenFlag.description}${usual}` }
    const isMany = kind === 'list' || kind === 'choices'
    const flag = isMany ? Flags.string({ ...told, multiple: true }) : Flags.string(told)
    return [[key, flag]]
  }),
)

/** The flags of `taleus listen`. */
export const listenOptions = {
  ...settingFlags,
  for: Flags.string({ description: 'Stop after this long, e.g. 15m.', env: 'TALEUS_FOR' }),
  once: Flags.boolean({ description: 'Stop after one tally.', env: 'TALEUS_ONCE' }),
  'exit-if-unreachable': Flags.string({
    description:
      'Stop if for so long none of its own addresses leads here, e.g. 2m; without a time, look at the start only.',
    helpValue: '[DURATION]',
    env: 'TALEUS_EXIT_IF_UNREACHABLE',
  }),
  'trust-clock': Flags.boolean({
    description: 'The clock is right now, and was ahead before: forget the latest time seen.',
  }),
  ...reapOptions,
  plain: Flags.boolean({
    description: 'One line per event, also on a terminal.',
    env: 'TALEUS_PLAIN',
  }),
  log: Flags.option({
    description: 'Write the lines to stderr: for people, or one JSON document each.',
    env: 'TALEUS_LOG',
    options: LOG_FORMATS,
  })(),
}
