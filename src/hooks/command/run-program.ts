import { type ChildProcessByStdio, spawn } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'
import { HookCommandError } from './errors.ts'
import { endGroup, holdGroup, releaseGroup } from './process-groups.ts'

/** How long a program that was asked to end (SIGTERM) has until it is ended (SIGKILL), ms. */
const END_MS = 1_000

/** How long its output is waited for once it has ended, ms: somebody else may hold the other end open for ever. */
const OUTPUT_MS = 500

/** Bytes of stderr that are kept, the first ones; the rest is read and dropped. */
const MAX_STDERR_BYTES = 4_096

/** One run of a program of the host's. */
export interface ProgramOrder {
  /** The program, then its arguments. No shell looks at them. */
  readonly words: readonly string[]
  readonly environment: Readonly<Record<string, string>>
  /** Given on standard input, which is closed then. */
  readonly input: string
  /** Bytes of stdout; with more, the program is ended. @default stdout is read and dropped */
  readonly maxOutputBytes?: number
  /** Aborted: the program, and all that it has started, is asked to end, and ended. */
  readonly signal: AbortSignal
}

export interface ProgramEnd {
  readonly stdout: Buffer
  /** At most so many bytes as are kept, as text. */
  readonly stderr: string
}

type Child = ChildProcessByStdio<Writable, Readable, Readable>

/**
 * Runs a program in a process group of its own, to its end: then nothing of the group is left.
 * @throws HookCommandError; the signal's reason, once the program has ended
 */
export async function runProgram(order: ProgramOrder): Promise<ProgramEnd> {
  order.signal.throwIfAborted()
  return await new ProgramRun(order).end()
}

class ProgramRun {
  readonly #order: ProgramOrder
  readonly #stdout: Buffer[] = []
  readonly #stderr: Buffer[] = []
  #stdoutBytes = 0
  #stderrBytes = 0
  #isTooLong = false
  #killing: NodeJS.Timeout | undefined

  constructor(order: ProgramOrder) {
    this.#order = order
  }

  async end(): Promise<ProgramEnd> {
    const { signal } = this.#order
    const child = this.#start()
    const stop = (): void => this.#stop(child)
    signal.addEventListener('abort', stop, { once: true })
    try {
      const [code, endedBy] = await this.#ended(child)
      if (signal.aborted) throw signal.reason
      this.#judge(code, endedBy)
      return { stdout: Buffer.concat(this.#stdout), stderr: this.#stderrText() }
    } finally {
      signal.removeEventListener('abort', stop)
      clearTimeout(this.#killing)
    }
  }

  /** @throws HookCommandError for a word or a variable that no program can be given */
  #start(): Child {
    const [program = '', ...args] = this.#order.words
    const { environment: env, input } = this.#order
    try {
      const child = spawn(program, args, { env, detached: true, stdio: ['pipe', 'pipe', 'pipe'] })
      // A program need not read what it is told: it may have ended by then.
      child.stdin.on('error', () => undefined)
      child.stdin.end(input)
      child.stdout.on('data', (bytes: Buffer) => this.#heard(child, bytes))
      child.stderr.on('data', (bytes: Buffer) => this.#complained(bytes))
      return child
    } catch (cause) {
      throw notStarted(cause)
    }
  }

  #ended(child: Child): Promise<readonly [number | null, NodeJS.Signals | null]> {
    return new Promise((resolve, reject) => {
      if (child.pid !== undefined) holdGroup(child.pid)
      child.once('error', (cause) => {
        if (child.pid === undefined) reject(notStarted(cause))
      })
      child.once('exit', (code, endedBy) => {
        // What it has left behind goes, too: it would hold the output, or outlive us.
        endGroup(child.pid, 'SIGKILL')
        releaseGroup(child.pid)
        const late = setTimeout(() => {
          child.stdout.destroy()
          child.stderr.destroy()
        }, OUTPUT_MS)
        child.once('close', () => {
          clearTimeout(late)
          resolve([code, endedBy])
        })
      })
    })
  }

  #stop(child: Child): void {
    if (this.#killing !== undefined) return
    endGroup(child.pid, 'SIGTERM')
    this.#killing = setTimeout(() => endGroup(child.pid, 'SIGKILL'), END_MS)
  }

  #heard(child: Child, bytes: Buffer): void {
    const { maxOutputBytes: most } = this.#order
    if (most === undefined || this.#isTooLong) return
    this.#stdoutBytes += bytes.length
    this.#isTooLong = this.#stdoutBytes > most
    if (this.#isTooLong) this.#stop(child)
    else this.#stdout.push(bytes)
  }

  #complained(bytes: Buffer): void {
    const room = MAX_STDERR_BYTES - this.#stderrBytes
    if (room <= 0) return
    this.#stderr.push(bytes.subarray(0, room))
    this.#stderrBytes += Math.min(room, bytes.length)
  }

  #stderrText(): string {
    return Buffer.concat(this.#stderr).toString('utf8').trim()
  }

  /** @throws HookCommandError for an end that is no good one */
  #judge(code: number | null, endedBy: NodeJS.Signals | null): void {
    const { maxOutputBytes } = this.#order
    if (this.#isTooLong)
      throw new HookCommandError(`it wrote more than ${maxOutputBytes} bytes`, {
        problem: 'too_long',
      })
    const [last] = this.#stderrText().split('\n').slice(-1)
    const words = last === '' || last === undefined ? '' : `: ${last}`
    if (endedBy !== null)
      throw new HookCommandError(`${endedBy} ended it${words}`, { problem: 'killed' })
    if (code !== 0)
      throw new HookCommandError(`it ended with exit code ${code}${words}`, {
        problem: 'exit_code',
      })
  }
}

function notStarted(cause: unknown): HookCommandError {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  const why = WHY_NOT[String(code)] ?? 'it could not be started'
  return new HookCommandError(why, { problem: 'not_started', cause })
}

const WHY_NOT: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such program',
  EACCES: 'it may not be run: is it executable?',
  ENOEXEC: 'it is no program: its first line must name one, as in #!/bin/sh',
  EMFILE: 'no more files can be opened',
  EAGAIN: 'no more processes can be started',
}
