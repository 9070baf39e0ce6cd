import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createMemoryHooks } from '../../../src/hooks/memory/create-memory-hooks.ts'
import { HookModuleError } from '../../../src/hooks/own/errors.ts'
import { loadHookModule } from '../../../src/hooks/own/load-hook-module.ts'
import { temporaryDirectory } from '../../support/cli/temporary-directory.ts'

async function loaded(name: string, text: string) {
  const path = join(await temporaryDirectory(), name)
  writeFileSync(path, text)
  return await loadHookModule(path, host())
}

function host() {
  const { signal } = new AbortController()
  return { dataDirectory: '/nowhere', signal, usual: createMemoryHooks(), log: () => undefined }
}

async function failure(name: string, text: string): Promise<HookModuleError> {
  const error: unknown = await loaded(name, text).catch((thrown: unknown) => thrown)
  if (error instanceof HookModuleError) return error
  throw new Error(`no HookModuleError: ${error}`)
}

it.each([
  ['hooks.mjs', 'export default { identity: { validate: async () => false } }'],
  ['hooks.js', 'export default { identity: { validate: async () => false } }'],
  [
    'hooks.mts',
    'export default { identity: { validate: async (_: object): Promise<boolean> => false } }',
  ],
  [
    'hooks.ts',
    'const no: boolean = false\nexport default () => ({ identity: { validate: async () => no } })',
  ],
  ['later.mjs', 'export default async () => ({ identity: { validate: async () => false } })'],
])('%s is loaded', async (name, text) => {
  const { identity } = await loaded(name, text)
  const context = { ...host(), sessionId: 's', deadline: 0, peerId: 'p' }
  expect(await identity?.validate({}, [], context)).toBe(false)
})

it('a module that makes its hooks is given the folder, a signal, the usual hooks and a log', async () => {
  const text = `export default (host) => ({
    identity: { validate: async () => ({ refused: 'denied', reason: Object.keys(host).sort().join() }) },
  })`
  const { identity } = await loaded('hooks.mjs', text)
  const context = { ...host(), sessionId: 's', deadline: 0, peerId: 'p' }
  expect(await identity?.validate({}, [], context)).toMatchObject({
    reason: 'dataDirectory,log,signal,usual',
  })
})

it.each([
  ['hooks.mjs', 'export const token = {}', 'has no default export'],
  ['hooks.mjs', 'export default 7', 'its default export must be an object of hooks, not a number'],
  ['hooks.mjs', 'export default () => undefined', 'what its function returns must be an object'],
  ['hooks.mjs', 'export default { tokens: {} }', 'has `tokens`, which is no hook'],
  ['hooks.mjs', 'throw new Error("no licence")', 'could not be loaded: Error: no licence'],
  ['hooks.mjs', 'throw undefined', 'could not be loaded: undefined'],
  [
    'hooks.mjs',
    'export default () => { throw new Error("no key") }',
    'make its hooks: Error: no key',
  ],
  ['hooks.mjs', 'export default {', 'could not be loaded: '],
  ['hooks.mjs', 'import "./absent.mjs"\nexport default {}', 'could not be loaded'],
  ['hooks.txt', 'export default {}', 'must end in .mjs, .js, .mts or .ts'],
])('%s with `%s` is refused in words', async (name, text, words) => {
  const error = await failure(name, text)
  expect(error.message).toContain(words)
  expect(error.message).toContain(error.path)
  expect(error.message.split('\n').length).toBeLessThan(6)
})

it('a file that is not there, a folder, and one that everybody may write are refused', async () => {
  const directory = await temporaryDirectory()
  const absent = loadHookModule(join(directory, 'absent.mjs'), host())
  await expect(absent).rejects.toThrow('is not there')
  mkdirSync(join(directory, 'folder.mjs'))
  await expect(loadHookModule(join(directory, 'folder.mjs'), host())).rejects.toThrow('is no file')
  const open = join(directory, 'open.mjs')
  writeFileSync(open, 'export default { identity: { validate: async () => true } }')
  chmodSync(open, 0o666)
  await expect(loadHookModule(open, host())).rejects.toThrow('chmod o-w')
})
