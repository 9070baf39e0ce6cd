import { expect, it } from 'vitest'
import { hookChoice } from '../../../src/cli/settings/hook-choice.ts'
import {
  acceptsSetting,
  formatBounds,
  formatSetting,
  parseSetting,
} from '../../../src/cli/settings/setting-values.ts'
import { openSettings } from '../../../src/cli/settings/settings.ts'
import { temporaryDirectory } from '../../support/cli/temporary-directory.ts'

it('a command is kept as it was written, and divided into words when it is used', async () => {
  const settings = await openSettings(await temporaryDirectory(), {
    TALEUS_HOOKS: '/home/me/hooks.mjs',
  })
  await settings.set('hook-command', parseSetting('hook-command', [` sh -c 'echo "a b"' `]))
  expect(hookChoice(settings)).toEqual({
    module: '/home/me/hooks.mjs',
    command: ['sh', '-c', 'echo "a b"'],
  })
  expect(hookChoice(settings, { hooks: '/x.mjs', 'hook-command': 'y z' })).toEqual({
    module: '/x.mjs',
    command: ['y', 'z'],
  })
})

it.each(['', '  ', "sh -c 'x", `''`, 'a\u0000b', 'a\nb', 'x'.repeat(5_000)])(
  '%j is no command',
  (text) => {
    expect(() => parseSetting('on-event', [text])).toThrow('takes a program and its arguments')
    expect(acceptsSetting('on-event', text)).toBe(false)
  },
)

it('kinds of events come one by one or with commas, each once, and only those that there are', () => {
  const both = ['redeemed', 'alarm']
  expect(parseSetting('on-event-kinds', both)).toEqual(both)
  expect(parseSetting('on-event-kinds', ['redeemed, alarm,redeemed'])).toEqual(both)
  expect(formatSetting('on-event-kinds', both)).toBe('redeemed,alarm')
  expect(acceptsSetting('on-event-kinds', both)).toBe(true)
  for (const texts of [[], ['everything'], ['redeemed,health']])
    expect(() => parseSetting('on-event-kinds', texts)).toThrow('takes some of redeemed')
  expect(acceptsSetting('on-event-kinds', ['redeemed', 7])).toBe(false)
  expect(formatBounds('on-event-kinds')).toContain('redeemed')
})
