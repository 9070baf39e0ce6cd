import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import * as z from 'zod'

const LAUNCHER = fileURLToPath(new URL('../../../bin/run.js', import.meta.url))

const LISTEN = ['/ip4/127.0.0.1/tcp/0', '/ip4/127.0.0.1/tcp/0/ws']

const readySchema = z.object({ addresses: z.array(z.string()), http: z.string() })

/** The real `taleus relay`. */
export interface RelayCommand {
  /** Of TCP first, then of WebSockets. */
  readonly addresses: readonly string[]
  residentMiB(): Promise<number>
  stop(): Promise<void>
}

/** Starts it for anybody, and resolves when it is there. */
export async function startRelayCommand(directory: string): Promise<RelayCommand> {
  const listen = LISTEN.flatMap((address) => ['--listen', address])
  const args = ['relay', '--json', '--open', '--http', '127.0.0.1:0', '--drain-timeout', '0s']
  const child = spawn(process.execPath, [LAUNCHER, ...args, ...listen], {
    env: { ...process.env, TALEUS_DATA_DIR: directory },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'exit')
  const lines = createInterface(child.stdout)
  const first = await Promise.race([once(lines, 'line'), ended])
  const { addresses, http } = readySchema.parse(JSON.parse(String(first[0])))
  return {
    addresses: addresses.toSorted((one, other) => one.length - other.length),
    residentMiB: async () => {
      const text = await (await fetch(`${http}/metrics`)).text()
      return Number(/^taleus_relay_memory_bytes (\S+)$/m.exec(text)?.[1]) / 2 ** 20
    },
    stop: async () => {
      child.kill('SIGTERM')
      await ended
    },
  }
}
