import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { dataDirectory, taleus } from './support/cli.ts'

const ZSH = fileURLToPath(new URL('support/complete.zsh', import.meta.url))

/** A bound for a hang. */
const WITHIN_MS = 30_000

const shell = (name: string, ...args: readonly string[]) =>
  spawnSync(name, args, { encoding: 'utf8', timeout: WITHIN_MS })

const lacks = (name: string) => shell(name, '-c', 'true').status !== 0

/** Lines, and a word that each gets. */
const COMPLETED = [
  { line: 'taleus toke', word: 'token' },
  { line: 'taleus tally sh', word: 'show' },
  { line: 'taleus token create --ro', word: '--role' },
] as const

/** Sets completion up as its user is told to. @returns the file that the shell reads */
async function setUp(name: 'bash' | 'zsh'): Promise<string> {
  const home = await dataDirectory()
  const env = { HOME: home, XDG_CACHE_HOME: home, SHELL: name }
  const told = await taleus(home, ['autocomplete', name, '--refresh-cache'], { env })
  expect(told).toMatchObject({ code: 0 })
  expect((await taleus(home, ['autocomplete', 'script', name], { env })).stdout).toContain(
    `${name}_setup`,
  )
  return join(home, 'taleus', 'autocomplete', `${name}_setup`)
}

/** Asks for the words that may follow as bash does at a tab. */
const ASK = `source "$1"
COMP_WORDS=($2)
COMP_CWORD=$((\${#COMP_WORDS[@]} - 1))
$(complete -p taleus | sed 's/.* -F \\([^ ]*\\).*/\\1/')
printf '%s\\n' "\${COMPREPLY[@]}"`

it.skipIf(lacks('bash'))('bash completes commands and flags of the built program', async () => {
  const file = await setUp('bash')
  for (const { line, word } of COMPLETED) {
    const { stdout } = shell('bash', '-c', ASK, 'bash', file, line)
    expect(stdout.split('\n')).toContain(word)
  }
})

it.skipIf(lacks('zsh'))('zsh completes commands and flags of the built program', async () => {
  const file = await setUp('zsh')
  for (const { line, word } of COMPLETED) {
    const whole = `${line.slice(0, line.lastIndexOf(' '))} ${word} `
    expect(shell('zsh', '-f', ZSH, file, line).stdout).toBe(`${whole}\n`)
  }
})

it('a stack for DEBUG leads to lines of the sources', async () => {
  const directory = await dataDirectory()
  const env = { DEBUG: 'taleus*', NODE_OPTIONS: '--enable-source-maps' }
  const { code, stderr } = await taleus(directory, ['tally', 'show', 'x'], { env })
  expect(code).not.toBe(0)
  expect(stderr).toMatch(/ at showTally \(\S*src\/cli\/tally\/show-tally\.ts:\d+:\d+\)/)
})
