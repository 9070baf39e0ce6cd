import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import * as z from 'zod'

/** The program, after `npm run build`. */
export const TALEUS = join(import.meta.dirname, '../../bin/run.js')

export const LOOPBACK = '/ip4/127.0.0.1/tcp/0'

/** Runs a command with `--json`. @returns what it says, whether it ended well or not */
export function jsonOf(directory: string, ...words: readonly string[]): unknown {
  const args = [TALEUS, ...words, '--json', '--data-dir', directory]
  const { stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  return JSON.parse(stdout)
}

/** Makes a standing invitation. Returns its link. */
export function standingLink(directory: string, role: 'stock' | 'foil'): string {
  const words = ['token', 'create', '--role', role, '--unlimited', '--no-qr']
  return z.object({ link: z.string() }).parse(jsonOf(directory, ...words)).link
}

const readySchema = z.object({ type: z.literal('ready'), addresses: z.array(z.string()) })

/** A real `taleus listen --json`. */
export interface Listening {
  readonly addresses: readonly string[]
  /** From the start of the process to its `ready` line. */
  readonly readyMs: number
  /** Tells it to stop. @returns its last line, its exit code, and how long it took, ms */
  stop(): Promise<{ readonly last: string; readonly code: unknown; readonly ms: number }>
}

/** Starts a listener and waits until it is ready. */
export async function listen(
  directory: string,
  words: readonly string[] = ['--listen', LOOPBACK],
  env: NodeJS.ProcessEnv = {},
): Promise<Listening> {
  const began = performance.now()
  const args = [TALEUS, 'listen', '--json', '--data-dir', directory, ...words]
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  })
  const ended = once(child, 'close')
  const lines = createInterface({ input: child.stdout })
  let last = ''
  lines.on('line', (line) => {
    last = line
  })
  await Promise.race([once(lines, 'line'), ended])
  const readyMs = performance.now() - began
  return {
    addresses: readySchema.parse(JSON.parse(last)).addresses,
    readyMs,
    async stop() {
      const told = performance.now()
      child.kill('SIGTERM')
      const [code] = await ended
      return { last, code, ms: performance.now() - told }
    },
  }
}
