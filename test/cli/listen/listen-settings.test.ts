import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { ListenSettings } from '../../../src/cli/listen/listen-settings.ts'
import { openSettings } from '../../../src/cli/settings/settings.ts'
import { temporaryDirectory } from '../../support/cli/temporary-directory.ts'

async function listening(flags: Record<string, unknown> = {}, environment: NodeJS.ProcessEnv = {}) {
  const directory = await temporaryDirectory()
  const write = (stored: unknown) =>
    writeFile(join(directory, 'settings.json'), JSON.stringify(stored), { mode: 0o600 })
  const settings = new ListenSettings(await openSettings(directory, environment), flags)
  return { settings, write, directory }
}

it('what is found changed counts when it is taken, not before', async () => {
  const { settings, write } = await listening()
  await write({ 'max-sessions': 7, 'step-timeout': 2_000 })
  const { changes, config, take } = settings.reread()
  expect(changes).toEqual([
    { key: 'max-sessions', from: 100, to: 7, source: 'file', effect: 'now' },
    { key: 'step-timeout', from: 5_000, to: 2_000, source: 'file', effect: 'now' },
  ])
  expect(config).toMatchObject({ maxConcurrentSessions: 7, stepTimeoutMs: 2_000 })
  expect(settings.number('max-sessions')).toBe(100)
  take()
  expect(settings.number('max-sessions')).toBe(7)
  expect(settings.reread().changes).toEqual([])
})

it('what the command line or the environment says stays', async () => {
  const { settings, write } = await listening(
    { 'max-sessions': '50', once: true, for: undefined },
    { TALEUS_STEP_TIMEOUT: '3s' },
  )
  await write({ 'max-sessions': 7, 'step-timeout': 2_000 })
  expect(settings.reread().changes).toEqual([])
  expect(settings.inUse).toContainEqual({ key: 'max-sessions', value: 50, source: 'flag' })
  expect(settings.inUse).toContainEqual({
    key: 'step-timeout',
    value: 3_000,
    source: 'environment',
  })
})

it('what takes a restart is told once, and stays in use as it was', async () => {
  const { settings, write } = await listening()
  await write({ listen: ['/ip4/127.0.0.1/tcp/1'] })
  const { changes, take } = settings.reread()
  expect(changes).toMatchObject([{ key: 'listen', effect: 'restart' }])
  take()
  expect(settings.list('listen')).toHaveLength(2)
  expect(settings.reread().changes).toEqual([])
  await write({})
  expect(settings.reread().changes).toMatchObject([{ key: 'listen', source: 'default' }])
})

it('a file that can’t be used changes nothing', async () => {
  const { settings, write, directory } = await listening()
  await write({ 'max-sessions': 7 })
  settings.reread().take()
  await write({ 'max-sessions': 0 })
  expect(() => settings.reread()).toThrow('max-sessions takes 1 to 100000')
  await writeFile(join(directory, 'settings.json'), '{', { mode: 0o600 })
  expect(() => settings.reread()).toThrow(directory)
  expect(settings.number('max-sessions')).toBe(7)
})

it('a flag that can’t be is refused', async () => {
  await expect(listening({ 'max-sessions': 'many' })).rejects.toThrow('whole number')
})
