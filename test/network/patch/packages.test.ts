import { globSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { PatchedInternalsError } from '../../../src/network/errors.ts'
import { changed, loudly, PATCHED_PACKAGES } from '../../../src/network/patch/packages.ts'
import { uncaughtFrom } from '../../support/network/uncaught.ts'

const ROOT = new URL('../../../', import.meta.url).pathname
const NETWORK = `${ROOT}src/network/`
const DECISION = 'docs/decisions/0033-patches-are-pinned-and-checked.md'

const versions = z.record(z.string(), z.string())
const manifest = z
  .object({ dependencies: versions, overrides: z.record(z.string(), versions) })
  .parse(JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8')))

const pinned: Record<string, string> = Object.assign(
  {},
  ...Object.values(manifest.overrides),
  manifest.dependencies,
)

test.each(Object.entries(PATCHED_PACKAGES))(
  '%s %s is the version that is pinned, installed and written about',
  (name, version) => {
    expect(pinned[name]).toBe(version)
    const installed = readFileSync(`${ROOT}node_modules/${name}/package.json`, 'utf8')
    expect(JSON.parse(installed)).toMatchObject({ name, version })
    expect(readFileSync(ROOT + DECISION, 'utf8')).toContain(`\`${name}\` ${version}`)
  },
)

const files = globSync('**/*.ts', { cwd: NETWORK }).sort()
const REACHES = /\bReflect\.|Object\.create\(|\brequireMethods\(|\bchanged\(/

test('nothing outside the folder of patches reaches into others', () => {
  const reaching = files.filter((file) => REACHES.test(readFileSync(NETWORK + file, 'utf8')))
  expect(reaching.length).toBeGreaterThan(10)
  expect(reaching.filter((file) => !file.startsWith('patch/'))).toEqual([])
})

test.each(files.filter((file) => file.startsWith('patch/') && file !== 'patch/packages.ts'))(
  '%s names the packages that it is written for, in their pinned versions',
  (file) => {
    const text = readFileSync(NETWORK + file, 'utf8').replaceAll(/\n \* ?/g, ' ')
    const named = [...text.matchAll(/(?<=[ (])(@?[a-z0-9/-]+) (\d+\.\d+\.\d+)/g)]
    if (REACHES.test(text)) expect(named).not.toEqual([])
    for (const [, name = '', version] of named) {
      expect({ name, version }).toEqual({ name, version: Reflect.get(PATCHED_PACKAGES, name) })
    }
  },
)

test('the error of a changed package is not swallowed with the connection that met it', async () => {
  const error = changed('ws', 'WebSocket.pause')
  expect(error).toBeInstanceOf(PatchedInternalsError)
  expect(error).toMatchObject({ package: 'ws', version: '8.23.0', member: 'WebSocket.pause' })
  const work = loudly(() => {
    throw error
  })
  expect(await uncaughtFrom(() => expect(work).rejects.toBe(error))).toBe(error)
})

test('any other error is only passed on', async () => {
  const error = new Error('a peer that left')
  await expect(loudly(() => Promise.reject(error))).rejects.toBe(error)
  expect(await loudly(() => 1)).toBe(1)
})
