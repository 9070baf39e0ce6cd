import { spawn } from 'node:child_process'
import { open } from 'node:fs/promises'
import { isBuilt } from '../../../scripts/build-state.ts'

/** The built program takes half as long to begin. Without a build of just these sources it is run from them. */
const PROGRAM = new URL(`../../../bin/${isBuilt() ? 'run' : 'dev'}.js`, import.meta.url).pathname

export interface Ended {
  readonly code: number | null
  readonly signal: string | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>
  readonly input?: string
  readonly cwd?: string
  /** Close our end of its stdout at once. */
  readonly deaf?: boolean
  /** A file that takes the place of its stdout; nothing of it is collected then. */
  readonly into?: string
}

/** Run `taleus` as a process of its own, with no terminal and none of our environment. */
export async function runTaleus(
  words: readonly string[],
  options: RunOptions = {},
): Promise<Ended> {
  const { PATH = '', HOME = '', NODE_COMPILE_CACHE } = process.env
  await using file = options.into === undefined ? undefined : await open(options.into, 'a')
  const child = spawn(process.execPath, [PROGRAM, ...words], {
    env: { PATH, HOME, NODE_COMPILE_CACHE, ...options.env },
    cwd: options.cwd,
    stdio: ['pipe', file?.fd ?? 'pipe', 'pipe'],
  })
  const output = { stdout: '', stderr: '' }
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    output.stdout += text
  })
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    output.stderr += text
  })
  if (options.deaf === true) child.stdout?.destroy()
  child.stdin?.on('error', () => {})
  child.stdin?.end(options.input ?? '')
  return await new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => resolve({ code, signal, ...output }))
  })
}
