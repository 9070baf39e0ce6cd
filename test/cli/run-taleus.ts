import { spawn } from 'node:child_process'

const DEV = new URL('../../bin/dev.js', import.meta.url).pathname

export interface Ended {
  readonly code: number | null
  readonly signal: string | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>
  readonly input?: string
  /** Close our end of its stdout at once. */
  readonly deaf?: boolean
}

/** Run `taleus` from its sources as a process of its own, with no terminal and none of our environment. */
export async function runTaleus(
  words: readonly string[],
  options: RunOptions = {},
): Promise<Ended> {
  const { PATH = '', HOME = '' } = process.env
  const child = spawn(process.execPath, [DEV, ...words], { env: { PATH, HOME, ...options.env } })
  const output = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output.stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output.stderr += text
  })
  if (options.deaf === true) child.stdout.destroy()
  child.stdin.on('error', () => {})
  child.stdin.end(options.input ?? '')
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => resolve({ code, signal, ...output }))
  })
}
