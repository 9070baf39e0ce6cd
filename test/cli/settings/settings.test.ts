import { chmod, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { getSetting, listSettings, setSetting } from '../../../src/cli/config/config.ts'
import { formatSetting, parseSetting } from '../../../src/cli/settings/setting-values.ts'
import { openSettings } from '../../../src/cli/settings/settings.ts'
import { parseSettingsFile } from '../../../src/cli/settings/settings-file.ts'
import {
  definitionOf,
  SETTING_KEYS,
  SETTINGS,
  sessionConfigOf,
} from '../../../src/cli/settings/settings-table.ts'
import { DEFAULT_SESSION_CONFIG } from '../../../src/session/config/session-config.ts'
import { temporaryDirectory } from '../../support/cli/temporary-directory.ts'

/** Nobody listens there, and nobody ever did. */
function at(settingsDirectory: string) {
  return { settingsDirectory, dataDirectory: join(settingsDirectory, 'never-used') }
}

describe('settings', () => {
  it('come from the flag, then the environment, then the file, then the default', async () => {
    const directory = await temporaryDirectory()
    const plain = await openSettings(directory, {})
    expect(plain.effective('step-timeout')).toEqual({ value: 5_000, source: 'default' })
    await plain.set('step-timeout', 6_000)
    expect(plain.effective('step-timeout')).toEqual({ value: 6_000, source: 'file' })
    const settings = await openSettings(directory, { TALEUS_STEP_TIMEOUT: '7s' })
    expect(settings.effective('step-timeout')).toEqual({ value: 7_000, source: 'environment' })
    expect(settings.effective('step-timeout', 8_000)).toEqual({ value: 8_000, source: 'flag' })
    expect(settings.number('step-timeout')).toBe(7_000)
  })

  it('that are only read make no file', async () => {
    const directory = await temporaryDirectory()
    await listSettings(directory)
    expect(await readdir(directory)).toEqual([])
  })

  it('are kept in a file of this user only', async () => {
    const directory = join(await temporaryDirectory(), 'new')
    await mkdir(directory, { mode: 0o700 })
    await setSetting(at(directory), 'step-timeout', ['6s'])
    const path = join(directory, 'settings.json')
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    expect(JSON.parse(await readFile(path, 'utf8'))).toEqual({ 'step-timeout': 6_000 })
  })

  it('go back to the default when set to nothing', async () => {
    const directory = await temporaryDirectory()
    await setSetting(at(directory), 'listen', ['/ip4/127.0.0.1/tcp/0'])
    expect(await getSetting(directory, 'listen')).toMatchObject({ source: 'file' })
    expect(await setSetting(at(directory), 'listen', [])).toMatchObject({ source: 'default' })
  })

  it.each([
    ['step-timeout', ['1ms'], 'at least'],
    ['step-timeout', ['soon'], 'like 30s'],
    ['step-timeout', [''], 'like 30s'],
    ['step-timeout', ['1s', '2s'], 'one value'],
    ['max-sessions', ['0'], 'from 1 to'],
    ['max-sessions', ['1e3'], 'whole number'],
    ['listen', ['localhost:4710'], '/ip4/'],
    ['listen', [',,'], '1 to 16'],
    ['announce', ['/dns4/a\u{1b}[31mb/tcp/1'], 'addresses like'],
    ['http', ['localhost'], 'HOST:PORT'],
    ['disk-warn', ['much'], 'a number with a unit'],
    ['listen', Array.from({ length: 17 }, () => '/ip4/1.2.3.4/tcp/1'), '1 to 16'],
    ['identity.name', ['x'], 'identity set'],
    ['nonsense', ['x'], 'no such setting'],
    ['__proto__', ['x'], 'no such setting'],
  ])('refuse %s = %j', async (key, values, sentence) => {
    const directory = await temporaryDirectory()
    await expect(setSetting(at(directory), key, values)).rejects.toThrow(sentence)
    expect(await readdir(directory)).toEqual([])
  })

  it.each([
    '',
    '{',
    '[]',
    'null',
    '7',
    '{"step-timeout": 1}',
    '{"step-timeout": "5s"}',
    '{"listen": []}',
    '{"unknown": 1}',
    '{"identity": {"Name": "x"}}',
    '{"identity": {"name": ""}}',
  ])(
    'in a file that can’t be meant so are refused, and the file is left alone: %j',
    async (text) => {
      const directory = await temporaryDirectory()
      const path = join(directory, 'settings.json')
      await writeFile(path, text)
      await expect(openSettings(directory, {})).rejects.toMatchObject({
        code: 'settings_file',
        path,
      })
      await expect(setSetting(at(directory), 'step-timeout', ['5s'])).rejects.toThrow(path)
      expect(await readFile(path, 'utf8')).toBe(text)
    },
  )

  it('that others may write are not believed', async () => {
    const directory = await temporaryDirectory()
    const path = join(directory, 'settings.json')
    await writeFile(path, '{}')
    await chmod(path, 0o622)
    await expect(openSettings(directory, {})).rejects.toThrow('others may write it')
  })

  it('behind a symbolic link are not believed', async () => {
    const directory = await temporaryDirectory()
    await writeFile(join(directory, 'elsewhere'), '{}')
    await symlink('elsewhere', join(directory, 'settings.json'))
    await expect(openSettings(directory, {})).rejects.toThrow('not a link')
  })

  it('all have a default within their own bounds, and read back as they are shown', () => {
    for (const key of SETTING_KEYS) {
      const definition = SETTINGS[key]
      if (!('fallback' in definition)) continue
      expect(parseSetting(key, [formatSetting(key, definition.fallback)])).toEqual(
        definition.fallback,
      )
    }
  })
})

describe('a setting of a few words', () => {
  it('takes those, and nothing else, typed or in the file', async () => {
    expect(parseSetting('audit-level', ['minimal'])).toBe('minimal')
    for (const text of ['', 'Minimal', 'none', 'constructor'])
      expect(() => parseSetting('audit-level', [text])).toThrow('full or minimal')
    expect(() => parseSetting('metrics', ['yes'])).toThrow('on or off')
    expect(() => parseSettingsFile('{"metrics":true}')).toThrow('metrics takes on or off')
  })

  it('reaches the session core as that knows it', () => {
    const values = { 'audit-level': 'minimal', metrics: 'off' } as const
    const config = sessionConfigOf((key) =>
      key === 'audit-level' || key === 'metrics' ? values[key] : undefined,
    )
    expect(config).toEqual({ auditLevel: 'minimal', metricsEnabled: false })
  })
})

describe('the defaults', () => {
  it('are those of the session core', () => {
    const defaults = sessionConfigOf((key) => definitionOf(key).fallback)
    expect(DEFAULT_SESSION_CONFIG).toMatchObject(defaults)
    const options = SETTING_KEYS.filter((key) => definitionOf(key).sessionOption !== undefined)
    expect(Object.keys(defaults)).toHaveLength(options.length)
    expect(options).toHaveLength(14)
  })
})

describe('what may be disclosed', () => {
  it('is set field by field, and an empty value takes a field away', async () => {
    const settings = await openSettings(await temporaryDirectory(), {})
    expect(await settings.setIdentity({ name: 'Alice', email: 'a@example.org' })).toEqual({
      name: 'Alice',
      email: 'a@example.org',
    })
    expect(await settings.setIdentity({ email: '' })).toEqual({ name: 'Alice' })
    expect(settings.identity).toEqual({ name: 'Alice' })
  })

  it('has at most 16 fields', async () => {
    const settings = await openSettings(await temporaryDirectory(), {})
    const many = Object.fromEntries(Array.from({ length: 17 }, (_, at) => [`field${at}`, 'x']))
    await expect(settings.setIdentity(many)).rejects.toThrow('at most 16')
    expect(settings.identity).toEqual({})
  })
})
