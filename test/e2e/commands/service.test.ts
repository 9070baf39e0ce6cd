import { chmod, readFile, writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { expect, test } from 'vitest'
import { canMakeMachines, followPage } from '../../support/machine/follow-page.ts'
import { dataDirectory, taleus } from '../support/cli.ts'

const LISTEN = ['listen', '--plain', '--listen', '/ip4/127.0.0.1/tcp/0']

test('a listener started by systemd says when it is ready, that it lives, and that it stops', async () => {
  const [directory, programs] = [await dataDirectory(), await dataDirectory()]
  const log = join(programs, 'log')
  const program = join(programs, 'systemd-notify')
  await writeFile(program, `#!/bin/sh\nshift\nIFS='|'\necho "$*" >> ${log}\n`)
  await chmod(program, 0o700)
  const { code } = await taleus(directory, [...LISTEN, '--for', '4s'], {
    env: {
      NOTIFY_SOCKET: '/run/nobody',
      WATCHDOG_USEC: '3000000',
      PATH: `${programs}${delimiter}${process.env['PATH'] ?? ''}`,
    },
  })
  expect(code).toBe(0)
  const said = (await readFile(log, 'utf8')).trimEnd().split('\n')
  expect(said.at(0)).toMatch(
    /^READY=1\|MAINPID=\d+\|STATUS=listening on \/ip4\/127\.0\.0\.1\/tcp\//,
  )
  expect(said.slice(1, -1)).toContain('WATCHDOG=1')
  expect(said.at(-1)).toBe('STOPPING=1|STATUS=stopped (its time is up)')
})

test('a listener that systemd can not hear runs on, and says so once', async () => {
  const directory = await dataDirectory()
  const { code, stdout } = await taleus(directory, [...LISTEN, '--for', '1s'], {
    env: { NOTIFY_SOCKET: join(directory, 'nobody') },
  })
  expect(code).toBe(0)
  expect(stdout.match(/systemd could not be told/g)).toHaveLength(1)
})

test('--exit-if-unreachable lets a listener run that can be met, and stops one that can not', async () => {
  const directory = await dataDirectory()
  const flags = ['--exit-if-unreachable', '--for', '1s']
  expect(await taleus(directory, [...LISTEN, ...flags])).toMatchObject({ code: 0 })
  const nowhere = ['--announce', '/ip4/127.0.0.1/tcp/1']
  const stopped = await taleus(directory, [...LISTEN, ...flags, ...nowhere])
  expect(stopped).toMatchObject({ code: 6, stdout: '' })
  expect(stopped.stderr).toContain('/ip4/127.0.0.1/tcp/1: nobody listens there')
  // Nothing is left that would keep the next one from starting.
  expect(await taleus(directory, [...LISTEN, '--for', '1s'])).toMatchObject({ code: 0 })
})

test.skipIf(!canMakeMachines)(
  'the service page, followed to the letter, leads to a service that other commands reach',
  async () => {
    const { stdout } = await followPage('docs/service.md', { isOffline: true })
    expect(stdout).toMatch(/^taleus:[a-z2-7]+$/m)
  },
)
