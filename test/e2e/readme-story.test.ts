import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { dataDirectory } from './support/cli.ts'
import { TerminalProcess } from './support/terminal.ts'

const ROOT = join(import.meta.dirname, '../..')

/** One line that somebody types in the README's story, and what the README says that comes of it. */
interface Step {
  readonly command: string
  readonly shown: string
}

/** The steps of all blocks that begin with somebody's prompt. */
function storyIn(page: string): Step[] {
  const blocks = [...page.matchAll(/^```text\n((?:alice|bob)\$ [\s\S]*?)^```$/gm)]
  return blocks.flatMap(([, block = '']) =>
    block.split(/^(?:alice|bob)\$ /m).flatMap((step) => {
      const [command = '', ...shown] = step.split('\n')
      return command === '' ? [] : [{ command, shown: shown.join('\n') }]
    }),
  )
}

/** Values that are others in each run: peer ids, links, ids, hashes, times, ports, the record last signed, words to compare. */
const VARIES =
  /12D3Koo\w{45}|taleus:[a-z2-7]+|automerge:\w+|\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)|\b[a-z2-7]{26}\b|\b[0-9a-f]{64}\b|(?<=tcp\/)\d+|(?<=up to record )\d+|(?<=Invitation )[a-z2-7]{16}|(?<=taleus tally (?:show|receipt|compare) )[a-z2-7]{8}|(?<=(?:your partner: |words {6}))[a-z]+ [a-z]+ [a-z]+ [a-z]+|(?<=, )\d+ s ago/g

/** A pattern for what the README shows: white space counts for nothing, and each varying value is captured. */
function patternOf(shown: string): { readonly pattern: RegExp; readonly values: string[] } {
  const values = shown.match(VARIES) ?? []
  const literal = shown.replace(VARIES, '\u0000').replace(/\s+/g, '')
  const left = [...values]
  const pattern = literal.replace(/[.*+?^${}()|[\]\\\u0000]/g, (sign) =>
    sign === '\u0000' ? captureOf(left.shift() ?? '') : `\\${sign}`,
  )
  return { pattern: new RegExp(pattern), values: [...values] }
}

/** Captures a value like this one. Most kinds are always of one length. */
function captureOf(value: string): string {
  if (/^\d+$/.test(value)) return '(\\d+)'
  if (value.endsWith(' s ago')) return '(now|\\d+sago)'
  if (/^[a-z]+( [a-z]+){3}$/.test(value)) return '([a-z]{12,32})'
  return value.startsWith('automerge:') ? '(automerge:\\w+?)' : `([\\w:.+-]{${value.length}})`
}

/** The README's ids and links, and what stands for them in this run. */
class Actual {
  readonly #values = new Map<string, string>()

  learn(shown: string, seen: string): void {
    const { pattern, values } = patternOf(shown)
    const found = pattern.exec(seen.replace(/\s+/g, ''))
    expect(found, `the README says\n${shown}\nand this is so\n${seen}`).not.toBeNull()
    for (const [index, value] of values.entries()) this.#values.set(value, found?.[index + 1] ?? '')
  }

  /** A command of the README for this run. `…` stands for the rest of a value that was shown before. */
  in(command: string): string {
    let text = command
    for (const [value, actual] of this.#values) {
      text = text.replaceAll(value, actual)
      const cut = /taleus:[a-z2-7]+(?=…)/.exec(text)?.[0]
      if (cut !== undefined && value.startsWith(cut)) text = text.replace(`${cut}…`, actual)
    }
    return text
  }
}

test('the story in the README is literally true', async () => {
  const directory = await dataDirectory()
  const launcher = join(directory, 'taleus')
  writeFileSync(launcher, `#!/bin/sh\nexec "${process.execPath}" "${ROOT}/bin/run.js" "$@"\n`)
  chmodSync(launcher, 0o755)
  const actual = new Actual()
  const page = readFileSync(join(ROOT, 'README.md'), 'utf8')
  const link = /taleus:[a-z2-7]{60,}/.exec(page)?.[0] ?? ''
  const steps = storyIn(page)
  expect(steps.length).toBeGreaterThanOrEqual(8)
  for (const { command, shown } of steps) {
    const line = actual.in(command).replace('/tcp/4710', '/tcp/0')
    const terminal = new TerminalProcess(['sh', '-c', `cd '${directory}' && ${line}`], {
      columns: 80,
      rows: 70,
      env: { PATH: `${directory}:${process.env['PATH']}` },
    })
    if (line.startsWith('taleus bootstrap')) {
      await terminal.shows('Paste the link')
      terminal.type(`${actual.in(link)}\n`)
      await terminal.shows('Start this tally? [y/N]')
      terminal.type('y\n')
    }
    if (line.startsWith('taleus listen')) await terminal.shows('/tcp/')
    else expect(await terminal.exited, terminal.raw).toBe(0)
    actual.learn(shown, terminal.screen.join('\n'))
  }
})
