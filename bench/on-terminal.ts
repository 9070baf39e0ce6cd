import { spawn } from 'node:child_process'
import { once } from 'node:events'

/** A program on a terminal of 120 × 40 that nobody looks at. */
export interface OnTerminal {
  /** With the exit code, when it has ended. */
  readonly ended: Promise<unknown>
  type(keys: string): void
}

/** Runs Node on a pseudo-terminal (of util-linux's `script`). */
export function onTerminal(words: readonly string[]): OnTerminal {
  const command = [process.execPath, ...words].map(quoted).join(' ')
  const line = `stty rows 40 cols 120; exec ${command}`
  const { PATH = '', HOME = '' } = process.env
  const child = spawn('script', ['-q', '-e', '-f', '-c', line, '/dev/null'], {
    env: { PATH, HOME, TERM: 'xterm-256color', LANG: 'C.UTF-8', SHELL: '/bin/sh' },
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  return {
    ended: once(child, 'close').then(([code]: unknown[]) => code),
    type: (keys) => void child.stdin.write(keys),
  }
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`
}
