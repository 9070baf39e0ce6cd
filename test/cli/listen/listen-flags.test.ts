import { expect, it } from 'vitest'
import { listenOptions } from '../../../src/cli/listen/listen-flags.ts'
import { formatSetting } from '../../../src/cli/settings/setting-values.ts'
import { definitionOf, SETTING_KEYS } from '../../../src/cli/settings/settings-table.ts'

it('the help of every flag of a setting tells its default, if it has one', () => {
  const told: ReadonlyMap<string, { readonly description?: string }> = new Map(
    Object.entries(listenOptions),
  )
  for (const key of SETTING_KEYS) {
    const { fallback, listenFlag } = definitionOf(key)
    if (listenFlag === undefined || fallback === undefined) continue
    const text = `[default: ${formatSetting(key, fallback)}, or the setting]`
    expect(told.get(key)?.description).toContain(text)
  }
})
