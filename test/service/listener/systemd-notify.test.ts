import { execFileSync, spawn } from 'node:child_process'
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import {
  type NotifyEnvironment,
  SystemdNotify,
} from '../../../src/service/listener/systemd-notify.ts'

let directory: string

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'taleus-notify-'))
})

afterEach(async () => {
  await rm(directory, { recursive: true, force: true })
})

/** A program of that name that writes down what it was told, after a while. */
async function recorder(pauseSeconds = 0): Promise<{ path: string; lines(): Promise<string[]> }> {
  const file = join(directory, 'systemd-notify')
  const log = join(directory, 'log')
  await writeFile(log, '')
  await writeFile(
    file,
    `#!/bin/sh\nsleep ${pauseSeconds}\nprintf '%s' "$NOTIFY_SOCKET" >> ${log}\nprintf '|%s' "$@" >> ${log}\necho >> ${log}\n`,
  )
  await chmod(file, 0o700)
  return {
    path: `${directory}${delimiter}${process.env['PATH'] ?? ''}`,
    lines: async () => (await readFile(log, 'utf8')).split('\n').filter((line) => line !== ''),
  }
}

function notify(environment: NotifyEnvironment, problems: string[] = []) {
  return new SystemdNotify({ environment, onProblem: (detail) => problems.push(detail) })
}

test('without a notification socket nothing is started', async () => {
  const { path, lines } = await recorder()
  const service = notify({ PATH: path, WATCHDOG_USEC: '3000000' })
  expect(service.isWanted).toBe(false)
  service.ready('all well')
  service.stopping('bye')
  await service.stop()
  expect(await lines()).toEqual([])
})

test('ready and stopping arrive in order, each status on one line', async () => {
  const { path, lines } = await recorder(0.2)
  const service = notify({ PATH: path, NOTIFY_SOCKET: '/run/x' })
  service.ready('two\nREADY=0 lines')
  service.stopping('3 under way')
  await service.stop()
  expect(await lines()).toEqual([
    `/run/x|--|READY=1|MAINPID=${process.pid}|STATUS=two READY=0 lines`,
    '/run/x|--|STOPPING=1|STATUS=3 under way',
  ])
})

describe('the watchdog', () => {
  afterEach(() => void vi.useRealTimers())

  async function signs(environment: NotifyEnvironment): Promise<number> {
    const { path, lines } = await recorder()
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    const service = notify({ ...environment, PATH: path, NOTIFY_SOCKET: '/run/x' })
    service.ready('')
    await vi.advanceTimersByTimeAsync(30_000)
    await service.stop()
    await vi.advanceTimersByTimeAsync(30_000)
    vi.useRealTimers()
    return (await lines()).filter((line) => line.includes('WATCHDOG=1')).length
  }

  test('hears three signs of life in each of its periods, until the end', async () => {
    expect(await signs({ WATCHDOG_USEC: '15000000' })).toBe(6)
  })

  test('hears nothing if it asked another process, or nobody', async () => {
    expect(await signs({ WATCHDOG_USEC: '15000000', WATCHDOG_PID: '1' })).toBe(0)
    expect(await signs({ WATCHDOG_USEC: 'rubbish' })).toBe(0)
    expect(await signs({})).toBe(0)
  })
})

test('a missing systemd-notify is told once and harms nothing', async () => {
  const problems: string[] = []
  const service = notify({ PATH: directory, NOTIFY_SOCKET: '/run/x' }, problems)
  service.ready('')
  service.stopping('')
  await service.stop()
  expect(problems).toHaveLength(1)
  expect(problems[0]).toContain('systemd could not be told')
})

const RECEIVER = `
import array, os, socket, sys
receiver = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
receiver.bind(sys.argv[1])
while True:
    message, extra = receiver.recvmsg(4096, socket.CMSG_SPACE(64))[:2]
    for _, _, data in extra:
        descriptors = array.array("i")
        descriptors.frombytes(data[:len(data) // 4 * 4])
        for descriptor in descriptors: os.close(descriptor)
    print(message.decode().replace("\\n", "|"), flush=True)
`

test.skipIf(!has('systemd-notify') || !has('python3'))(
  "systemd's own program brings the words to the socket",
  async () => {
    const socket = join(directory, 'socket')
    const receiver = spawn('python3', ['-c', RECEIVER, socket])
    const closed = new Promise((resolve) => receiver.once('close', resolve))
    let heard = ''
    receiver.stdout.setEncoding('utf8').on('data', (text: string) => {
      heard += text
    })
    try {
      for (let tries = 0; tries < 200 && !has('test', '-S', socket); tries += 1) await sleep(50)
      const problems: string[] = []
      const { PATH } = process.env
      const service = notify({ PATH, NOTIFY_SOCKET: socket }, problems)
      service.ready('listening')
      service.stopping('')
      await service.stop()
      expect(problems).toEqual([])
      expect(heard).toContain(`READY=1|MAINPID=${process.pid}|STATUS=listening\n`)
      expect(heard).toContain('STOPPING=1|STATUS=\n')
    } finally {
      receiver.kill('SIGKILL')
      await closed
    }
  },
)

/** Is there such a program, and does it agree? */
function has(program: string, ...args: readonly string[]): boolean {
  try {
    execFileSync(program, args.length === 0 ? ['--version'] : args, { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
