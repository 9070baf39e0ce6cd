import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { expect, it, onTestFinished } from 'vitest'
import { dataDirectory, taleus, taleusJson } from '../support/cli.ts'

const LAUNCHER = fileURLToPath(new URL('../../../bin/run.js', import.meta.url))

it.skipIf(process.platform !== 'linux')(
  'a link among the arguments does not stay in the process list',
  async () => {
    const [alice, bob] = [await dataDirectory(), await dataDirectory()]
    const { json } = await taleusJson(alice, [
      'token',
      'create',
      '--announce',
      '/ip4/127.0.0.1/tcp/9',
    ])
    const link = String(json['link'])
    const env = { ...process.env, TALEUS_DATA_DIR: bob }
    const child = spawn(process.execPath, [LAUNCHER, 'bootstrap', link], { env, stdio: 'pipe' })
    onTestFinished(() => void child.kill('SIGKILL'))
    const shown = () => readFile(`/proc/${child.pid}/cmdline`, 'latin1')
    let line = await shown()
    while (line.includes(link) && child.exitCode === null) line = await shown()
    expect(line).toContain('taleus bootstrap')
    expect(line).not.toContain(link.slice(10, 40))
  },
)

it.each(['*', 'oclif*'])('DEBUG=%s prints no link that was given as an argument', async (DEBUG) => {
  const alice = await dataDirectory()
  const { json } = await taleusJson(alice, [
    'token',
    'create',
    '--announce',
    '/ip4/127.0.0.1/tcp/9',
  ])
  const link = String(json['link'])
  const told = await taleus(alice, ['token', 'inspect', link], { env: { DEBUG } })
  expect(told.code).toBe(0)
  expect(`${told.stdout}${told.stderr}`).not.toContain(link.slice(10, 40))
})
