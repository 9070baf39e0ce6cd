import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'

const root = join(import.meta.dirname, '..', '..')
const names = z.record(z.string(), z.string())
const packageSchema = z.object({
  dependencies: names,
  devDependencies: names,
  allowScripts: z.record(z.string(), z.boolean()),
})
const lockSchema = z.object({
  packages: z.record(
    z.string(),
    z.object({
      hasInstallScript: z.boolean().optional(),
      optionalDependencies: names.optional(),
    }),
  ),
})

function read(path: string): string {
  return readFileSync(join(root, path), 'utf8')
}

const manifest = packageSchema.parse(JSON.parse(read('package.json')))
const { packages } = lockSchema.parse(JSON.parse(read('package-lock.json')))

test('every dependency has its reason, and every reason its dependency', () => {
  const page = read('docs/decisions/0001-dependencies.md')
  const [, runTime = '', tools = ''] = page.split(/^## .*$/m)
  const listed = (part: string) => [...part.matchAll(/^- `([^`]+)`: \S/gm)].map(([, name]) => name)
  expect(listed(runTime)).toEqual(Object.keys(manifest.dependencies).sort())
  expect(listed(tools)).toEqual(Object.keys(manifest.devDependencies).sort())
})

test('only packages that were looked at may run a script at install', () => {
  const withScript = Object.entries(packages).flatMap(([path, { hasInstallScript }]) =>
    hasInstallScript ? [path.replace(/^.*node_modules\//, '')] : [],
  )
  expect(Object.keys(manifest.allowScripts).sort()).toEqual(withScript.sort())
})

test('the lock file names the optional packages of every platform, as npm ci demands', () => {
  const missing = Object.entries(packages).flatMap(([path, { optionalDependencies }]) =>
    Object.keys(optionalDependencies ?? {}).filter((name) => !isLocked(path, name)),
  )
  expect(missing).toEqual([])
})

/** Is `name`, needed by the package at `path`, there or in a folder above? */
function isLocked(path: string, name: string): boolean {
  const here = path === '' ? '' : `${path}/`
  if (`${here}node_modules/${name}` in packages) return true
  return path !== '' && isLocked(path.replace(/\/?node_modules\/(?:@[^/]+\/)?[^/]+$/, ''), name)
}
