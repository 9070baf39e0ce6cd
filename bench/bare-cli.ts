import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const OCLIF = { bin: 'bare', commands: { strategy: 'pattern', target: './commands' } }
const PACKAGE = { name: 'bare', version: '1.0.0', type: 'module', oclif: OCLIF }

const FILES: Readonly<Record<string, string>> = {
  'package.json': JSON.stringify(PACKAGE),
  'run.js': "import { execute } from '@oclif/core'\nawait execute({ dir: import.meta.url })\n",
  'commands/hello.js': `import { Command } from '@oclif/core'
export default class Hello extends Command {
  async run() { this.log('hello') }
}
`,
}

/**
 * A program on oclif that does nothing.
 * @param directory inside this project, where its packages are found
 * @returns what to start
 */
export function writeBareCli(directory: string): string {
  mkdirSync(join(directory, 'commands'), { recursive: true })
  for (const [name, text] of Object.entries(FILES)) writeFileSync(join(directory, name), text)
  return join(directory, 'run.js')
}
