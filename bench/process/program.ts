import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

/** A program of its own that says on its first line that it is ready, and runs until it is told to stop. */
export interface Program {
  readonly pid: number
  readonly first: string
  /** From the start of the process to its first line. */
  readonly readyMs: number
  /** Tells it to stop. @returns its last line, its exit code, and how long it took, ms */
  stop(): Promise<{ readonly last: string; readonly code: unknown; readonly ms: number }>
}

/** Starts a program for Node and waits until it is ready, or at its end. @param args its file first */
export async function startProgram(
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<Program> {
  const began = performance.now()
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
  if (child.pid === undefined) throw new Error(`${args[0]} did not start`)
  return {
    pid: child.pid,
    first: last,
    readyMs,
    async stop() {
      const told = performance.now()
      child.kill('SIGTERM')
      const [code] = await ended
      return { last, code, ms: performance.now() - told }
    },
  }
}
