import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { median } from '../load/interleave.ts'
import type { Place } from '../process/place.ts'
import type { Finding } from '../report/row.ts'
import { TALEUS } from './taleus.ts'

const ROUNDS = 15

const OCLIF = { bin: 'bare', commands: { strategy: 'pattern', target: './commands' } }
const PACKAGE = { name: 'bare', version: '1.0.0', type: 'module', oclif: OCLIF }

/** A program on oclif that does nothing. */
const BARE: Readonly<Record<string, string>> = {
  'package.json': JSON.stringify(PACKAGE),
  'run.js': "import { execute } from '@oclif/core'\nawait execute({ dir: import.meta.url })\n",
  'commands/hello.js': `import { Command } from '@oclif/core'
export default class Hello extends Command {
  async run() { this.log('hello') }
}
`,
}

/** Measures how long commands take from a cold start, beside one of oclif's that does nothing, ms. */
export async function cold(place: Place): Promise<Finding[]> {
  const data = join(place.directory, 'data')
  mkdirSync(join(place.directory, 'commands'))
  for (const [name, text] of Object.entries(BARE)) writeFileSync(join(place.directory, name), text)
  const bare = join(place.directory, 'run.js')
  const create = ['token', 'create', '--role', 'stock', '--json', '--data-dir', data]
  return [
    beside([TALEUS, '--version'], [bare, '--version']),
    beside([TALEUS, ...create], [bare, 'hello']),
  ]
}

function beside(ours: readonly string[], bare: readonly string[]): Finding {
  const taken = Array.from({ length: ROUNDS + 1 }, () => [msOf(ours), msOf(bare)] as const).slice(1)
  return {
    ours: median(taken.map(([own]) => own)),
    bare: median(taken.map(([, other]) => other)),
    ratio: median(taken.map(([own, other]) => own / other)),
  }
}

function msOf(words: readonly string[]): number {
  const start = performance.now()
  const { status, stderr } = spawnSync(process.execPath, words, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${words.join(' ')} ended with ${status}: ${stderr}`)
  return performance.now() - start
}
