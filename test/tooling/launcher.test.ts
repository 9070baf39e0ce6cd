import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'

const launcher = join(import.meta.dirname, '..', '..', 'bin', 'run.js')

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'taleus-launcher-'))
})
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

/** Runs the launcher with a script loaded before it. */
function launch(preload: string, ...args: string[]) {
  const script = join(folder, 'preload.cjs')
  writeFileSync(script, preload)
  return spawnSync(process.execPath, ['--require', script, launcher, ...args], {
    encoding: 'utf8',
    cwd: folder,
  })
}

const REPORT_AT_EXIT = `
  const { writeSync } = require('node:fs')
  const files = []
  require('node:module').registerHooks({
    load(url, context, next) {
      files.push(url)
      return next(url, context)
    },
  })
  process.on('exit', () => writeSync(1, JSON.stringify({ umask: process.umask(), files })))
`

for (const version of ['v12.22.12', 'v20.20.2', 'v23.11.1']) {
  test(`on Node ${version} it says what to do in one line, loads nothing and exits 1`, () => {
    const { status, stdout, stderr } = launch(
      `Object.defineProperty(process, 'version', { value: '${version}' })\n${REPORT_AT_EXIT}`,
      '--version',
    )
    expect(stderr).toMatch(
      /^taleus needs Node 24 or newer, this is v[^\n]+Install Node 24[^\n]+\n$/,
    )
    expect(stderr).toContain(version)
    expect(JSON.parse(stdout)).toEqual({ umask: 0o077, files: [pathToFileURL(launcher).href] })
    expect(status).toBe(1)
  })
}

test('without what is built it says in one line how that is made, and exits 1', () => {
  mkdirSync(join(folder, 'checkout', 'bin'), { recursive: true })
  writeFileSync(join(folder, 'checkout', 'package.json'), '{ "type": "module" }')
  const copy = join(folder, 'checkout', 'bin', 'run.js')
  copyFileSync(launcher, copy)
  const { status, stdout, stderr } = spawnSync(process.execPath, [copy], { encoding: 'utf8' })
  expect(stderr).toMatch(/^taleus is not built here\. Run "npm run build" [^\n]+\n$/)
  expect(stdout).toBe('')
  expect(status).toBe(1)
})
