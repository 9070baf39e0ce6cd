import { execFile } from 'node:child_process'
import { lstatSync } from 'node:fs'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { canMakeMachines, followPage } from '../support/machine/follow-page.ts'

const ROOT = join(import.meta.dirname, '../..')

test.skipIf(!canMakeMachines)(
  'the service page leads from a fresh clone and the registry to a service',
  async () => {
    const { stdout } = await followPage('docs/service.md', { isOffline: false })
    expect(stdout).toMatch(/^taleus:[a-z2-7]+$/m)
  },
)

test('a fresh clone that is installed globally is copied, not linked', async () => {
  const work = await mkdtemp(join(tmpdir(), 'taleus-install-'))
  onTestFinished(() => rm(work, { recursive: true, force: true }))
  const [clone, prefix] = [join(work, 'clone'), join(work, 'prefix')]
  const left = ['node_modules', '.git', 'dist', 'oclif.manifest.json']
  await cp(ROOT, clone, {
    recursive: true,
    filter: (path) => !left.includes(basename(path)) || path === ROOT,
  })
  const run = promisify(execFile)
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('npm_'))
  const env = Object.fromEntries(own)
  await run('npm', ['install', '--global', '--prefix', prefix, '.'], { cwd: clone, env })
  await rm(clone, { recursive: true })
  expect(lstatSync(join(prefix, 'lib/node_modules/taleus')).isSymbolicLink()).toBe(false)
  const { stdout } = await run(process.execPath, [join(prefix, 'bin/taleus'), '--version'])
  expect(stdout).toMatch(/^taleus\//)
})
