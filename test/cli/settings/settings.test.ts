import { chmod, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { getSetting, listSettings, setSetting } from '../../../src/cli/config/config.ts'
import { formatSetting, parseSetting } from '../../../src/cli/settings/setting-values.ts'
import { openSettings } from '../../../src/cli/settings/settings.ts'
import { parseSettingsFile, settingsFileIn } from '../../../src/cli/settings/settings-file.ts'
import {
  definitionOf,
  SETTING_KEYS,
  SETTINGS,
  sessionConfigOf,
} from '../../../src/cli/settings/settings-table.ts'
import { DEFAULT_SESSION_CONFIG } from '../../../src/session/config/session-config.ts'
import { runTaleus } from '../../support/cli/run-taleus.ts'
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
    const empty = await openSettings(directory, { TALEUS_STEP_TIMEOUT: '' })
    expect(empty.effective('step-timeout')).toEqual({ value: 6_000, source: 'file' })
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
    '{"step-timeout": "1ms"}',
    '{"step-timeout": 6000, "step-timeout": 7000}',
    '{"identity": {"name": "Alice", "name": "Mallory"}}',
    '{"listen": []}',
    '{"unknown": 1}',
    '{"identity": {"Name": "x"}}',
    '{"identity": {"name": ""}}',
  ])(
    'in a file that can’t be meant so are refused, and the file is left alone: %j',
    async (text) => {
      const directory = await temporaryDirectory()
      const path = join(directory, 'settings.json')
      await writeFile(path, text, { mode: 0o600 })
      await expect(openSettings(directory, {})).rejects.toMatchObject({
        code: 'settings_file',
        path,
      })
      await expect(setSetting(at(directory), 'step-timeout', ['5s'])).rejects.toThrow(path)
      expect(await readFile(path, 'utf8')).toBe(text)
    },
  )

  it.each([0o622, 0o644, 0o640])('that others may use, mode %o, are not believed', async (mode) => {
    const directory = await temporaryDirectory()
    const path = join(directory, 'settings.json')
    await writeFile(path, '{}')
    await chmod(path, mode)
    await expect(openSettings(directory, {})).rejects.toMatchObject({
      code: 'settings_file',
      fix: `chmod 600 ${path}`,
    })
  })

  it('in a file without end are not read', async () => {
    const directory = await temporaryDirectory()
    const path = join(directory, 'settings.json')
    await writeFile(path, `{}${' '.repeat(65_536)}`, { mode: 0o600 })
    await expect(openSettings(directory, {})).rejects.toThrow('larger than 64 KiB')
  })

  it.each([
    ['with a byte order mark', '\ufeff{"step-timeout": 6000}'],
    [
      'as they are shown',
      '{"step-timeout": "6s", "disk-warn": "64MiB", "listen": "/ip4/127.0.0.1/tcp/1"}',
    ],
  ])('written by hand %s are read', async (_, text) => {
    const directory = await temporaryDirectory()
    await writeFile(join(directory, 'settings.json'), text, { mode: 0o600 })
    const settings = await openSettings(directory, {})
    expect(settings.number('step-timeout')).toBe(6_000)
    if (text.includes('disk-warn')) {
      expect(settings.number('disk-warn')).toBe(64 * 1_024 ** 2)
      expect(settings.list('listen')).toEqual(['/ip4/127.0.0.1/tcp/1'])
    }
    await setSetting(at(directory), 'max-sessions', ['7'])
    expect((await openSettings(directory, {})).number('step-timeout')).toBe(6_000)
  })

  it('say what a number without a unit is, where one is out of bounds', async () => {
    const directory = await temporaryDirectory()
    await writeFile(join(directory, 'settings.json'), '{"step-timeout": 5}', { mode: 0o600 })
    const reading = openSettings(directory, {})
    await expect(reading).rejects.toThrow('a number without a unit is milliseconds')
  })

  it('behind a symbolic link are not believed', async () => {
    const directory = await temporaryDirectory()
    await writeFile(join(directory, 'elsewhere'), '{}')
    await symlink('elsewhere', join(directory, 'settings.json'))
    await expect(openSettings(directory, {})).rejects.toThrow('not a link')
  })

  it('that several processes set at once are all there', async () => {
    const directory = await temporaryDirectory()
    const wanted = { 'max-sessions': 7, 'rate-limit': 8, 'bad-secrets': 9, 'breaker-failures': 6 }
    const set = Object.entries(wanted).map(([key, value]) =>
      runTaleus(['config', 'set', key, `${value}`, '--data-dir', directory]),
    )
    for (const each of await Promise.all(set)) expect(each).toMatchObject({ code: 0 })
    expect(JSON.parse(await readFile(join(directory, 'settings.json'), 'utf8'))).toEqual(wanted)
  })

  it('are changed by one command at a time, each on what the last one left', async () => {
    const directory = await temporaryDirectory()
    const seen: number[] = []
    const raise = async () => {
      const settings = await openSettings(directory, {})
      await settings.changing(async () => {
        const before = settings.number('max-sessions')
        seen.push(before)
        await setImmediate()
        await settings.set('max-sessions', before + 1)
      })
    }
    await Promise.all([raise(), raise(), raise()])
    expect(seen).toEqual([100, 101, 102])
  })

  it('are as they were if a change could not be recorded', async () => {
    const directory = await temporaryDirectory()
    await setSetting(at(directory), 'max-sessions', ['7'])
    const settings = await openSettings(directory, {})
    const failing = settings.changing(async () => {
      await settings.set('max-sessions', 8)
      throw new Error('the store can’t be written')
    })
    await expect(failing).rejects.toThrow('can’t be written')
    expect((await openSettings(directory, {})).number('max-sessions')).toBe(7)
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
    expect(options).toHaveLength(15)
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

describe('the cadre', () => {
  it('is named anew each time, and none of it takes it away', async () => {
    const directory = await temporaryDirectory()
    const settings = await openSettings(directory, {})
    await settings.setIdentity({ name: 'Alice' })
    await settings.setCadre(['/dns4/a.example/tcp/1', '/dns4/b.example/tcp/1'])
    await settings.setCadre(['/dns4/c.example/tcp/1'])
    expect((await openSettings(directory, {})).cadre).toEqual(['/dns4/c.example/tcp/1'])
    await settings.setCadre([])
    expect(await openSettings(directory, {})).toMatchObject({
      cadre: [],
      identity: { name: 'Alice' },
    })
  })

  it.each([
    ['no list', '"/dns4/a.example/tcp/1"'],
    ['more than a message may name', JSON.stringify(Array(17).fill('/dns4/a.example/tcp/1'))],
    ['longer ones than a message may name', JSON.stringify([`/${'a'.repeat(256)}`])],
    ['what is no address', '["a.example"]'],
    ['what a terminal obeys', '["/dns4/\\u001b[2J/tcp/1"]'],
  ])('is refused if the file holds %s', async (_, cadre) => {
    const directory = await temporaryDirectory()
    await writeFile(settingsFileIn(directory), `{"cadre":${cadre}}`, { mode: 0o600 })
    await expect(openSettings(directory, {})).rejects.toThrow('cadre takes up to 16 multiaddrs')
  })
})
