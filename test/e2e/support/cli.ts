import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { ON_POSTGRES, placeOnServer } from './store-on-server.ts'

const LAUNCHER = fileURLToPath(new URL('../../../bin/run.js', import.meta.url))

/** Nothing of the developer's own settings reaches the processes under test. */
function environment(extra: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const clean = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('TALEUS_') && !name.startsWith('VITEST') && name !== 'DEBUG',
  )
  return { ...Object.fromEntries(clean), NO_COLOR: '1', ...extra }
}

/** A data directory that is gone when the test is. Its store is where this run has all stores. */
export async function dataDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'taleus-e2e-'))
  onTestFinished(() => rm(directory, { recursive: true, force: true }))
  if (ON_POSTGRES) await placeOnServer(directory)
  return directory
}

export interface Finished {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunOptions {
  /** Standard input; none is an empty one. */
  readonly input?: string
  readonly env?: NodeJS.ProcessEnv
  /** A command, and its first arguments, to start the program through. */
  readonly through?: readonly string[]
}

/** A command that may still be running. */
export interface Started {
  signal(name: NodeJS.Signals): void
  /** Resolves, once this was written to stderr, with all that was; rejects if it ends without. */
  tells(part: string): Promise<string>
  readonly finished: Promise<Finished>
}

/** Run one command of the built program to its end. */
export async function taleus(
  directory: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<Finished> {
  return await startTaleus(directory, args, options).finished
}

/** Begin one command of the built program. */
export function startTaleus(
  directory: string,
  args: readonly string[],
  { input = '', env, through = [] }: RunOptions = {},
): Started {
  const words = [...through, process.execPath, LAUNCHER, ...args]
  const child = spawnPiped(words, environment({ TALEUS_DATA_DIR: directory, ...env }))
  onTestFinished(() => kill(child))
  child.stdin.on('error', () => undefined)
  child.stdin.end(input)
  const heard = { text: '' }
  child.stderr.on('data', (chunk: Buffer) => {
    heard.text += chunk.toString()
  })
  const tells = (part: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const look = (): void => void (heard.text.includes(part) && resolve(heard.text))
      child.stderr.on('data', look)
      child.once('close', () => reject(new Error(`it has not told ${part}: ${heard.text}`)))
      look()
    })
  return { signal: (name) => void child.kill(name), tells, finished: finished(child) }
}

async function finished(child: ReturnType<typeof spawnPiped>): Promise<Finished> {
  const [stdout, stderr, code] = await Promise.all([
    collect(child.stdout),
    collect(child.stderr),
    exitOf(child),
  ])
  return { code, stdout, stderr }
}

function spawnPiped([command = '', ...rest]: readonly string[], env: NodeJS.ProcessEnv) {
  return spawn(command, rest, { env, stdio: ['pipe', 'pipe', 'pipe'] })
}

/** Run a command with `--json` and parse its one document. */
export async function taleusJson(
  directory: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<{ readonly code: number | null; readonly json: Record<string, unknown> }> {
  const { code, stdout, stderr } = await taleus(directory, [...args, '--json'], options)
  try {
    return { code, json: JSON.parse(stdout) }
  } catch (cause) {
    throw new Error(`no JSON from taleus ${args[0]}: ${stdout}${stderr}`, { cause })
  }
}

export interface RunningListener {
  readonly peerId: string
  /** Multiaddrs without peer id. */
  readonly addresses: readonly string[]
  /** Every line so far, parsed. */
  readonly lines: readonly Record<string, unknown>[]
  /** Resolves with the first line, past or future, that fits. */
  line(fits: (line: Record<string, unknown>) => boolean): Promise<Record<string, unknown>>
  signal(name: NodeJS.Signals): void
  /** Resolves with the exit code. */
  readonly exited: Promise<number | null>
  /** Resolves, at the end, with what it wrote to stderr. */
  readonly errors: Promise<string>
  /** SIGTERM, then its exit code. */
  stop(): Promise<number | null>
}

const LOOPBACK = ['--listen', '/ip4/127.0.0.1/tcp/0', '--listen', '/ip4/127.0.0.1/tcp/0/ws']

interface RunningOptions extends Pick<RunOptions, 'through' | 'env'> {
  /** Takes what ends the process. @default it is done when the test is over */
  atEnd?(end: () => Promise<void>): void
}

/** `taleus listen --json` on loopback, ready when this resolves. */
export async function listener(
  directory: string,
  args: readonly string[] = LOOPBACK,
  options: RunningOptions = {},
): Promise<RunningListener> {
  return await running(directory, ['listen', ...args], options)
}

/** `taleus relay --json` on loopback, ready when this resolves. */
export async function relay(
  directory: string,
  args: readonly string[],
  options: RunningOptions = {},
): Promise<RunningListener> {
  return await running(directory, ['relay', '--listen', '/ip4/127.0.0.1/tcp/0', ...args], options)
}

async function running(
  directory: string,
  [name = '', ...args]: readonly string[],
  { through = [], env = {}, atEnd = onTestFinished }: RunningOptions,
): Promise<RunningListener> {
  const words = [process.execPath, LAUNCHER, name, '--json', ...args]
  const [command = '', ...rest] = [...through, ...words]
  const child = spawn(command, rest, {
    env: environment({ TALEUS_DATA_DIR: directory, ...env }),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const lines: Record<string, unknown>[] = []
  const waiting = new Set<() => void>()
  const stderr = collect(child.stderr)
  readLines(child, (text) => {
    lines.push(JSON.parse(text))
    for (const look of waiting) look()
  })
  const exited = exitOf(child)
  atEnd(async () => {
    kill(child)
    await exited
  })
  const line: RunningListener['line'] = (fits) =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const found = lines.find(fits)
        if (found === undefined) return
        waiting.delete(look)
        resolve(found)
      }
      waiting.add(look)
      look()
      void exited.then(async (code) =>
        reject(
          new Error(`${name} ended (${code}): ${await stderr}${JSON.stringify(lines.at(-1))}`),
        ),
      )
    })
  const ready = await line(({ type }) => type === 'ready')
  const stop = async (): Promise<number | null> => {
    child.kill('SIGTERM')
    return await exited
  }
  return {
    peerId: String(ready['peerId']),
    addresses: Array.isArray(ready['addresses']) ? ready['addresses'].map(String) : [],
    lines,
    line,
    signal: (name) => child.kill(name),
    exited,
    errors: stderr,
    stop,
  }
}

function readLines(child: ChildProcess, tell: (line: string) => void): void {
  let rest = ''
  child.stdout?.setEncoding('utf8')
  child.stdout?.on('data', (chunk: string) => {
    const parts = (rest + chunk).split('\n')
    rest = parts.pop() ?? ''
    for (const part of parts) tell(part)
  })
}

async function collect(stream: NodeJS.ReadableStream): Promise<string> {
  let text = ''
  for await (const chunk of stream) text += String(chunk)
  return text
}

function exitOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve(code))
  })
}

function kill(child: ChildProcess): void {
  if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
}
