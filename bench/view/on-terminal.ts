import { spawn } from 'node:child_process'
import { once } from 'node:events'

/** Runs Node on a terminal of 120 × 40 that nobody looks at (of util-linux's `script`). @returns when it has ended */
export function onTerminal(words: readonly string[]): Promise<unknown> {
  const quoted = [process.execPath, ...words].map((word) => `'${word.replaceAll("'", `'\\''`)}'`)
  const line = `stty rows 40 cols 120; exec ${quoted.join(' ')}`
  const { PATH = '', HOME = '' } = process.env
  const child = spawn('script', ['-q', '-e', '-f', '-c', line, '/dev/null'], {
    env: { PATH, HOME, TERM: 'xterm-256color', LANG: 'C.UTF-8', SHELL: '/bin/sh' },
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  return once(child, 'close')
}
