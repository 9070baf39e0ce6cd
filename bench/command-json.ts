import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

export const TALEUS = join(import.meta.dirname, '../bin/run.js')

/** What a command says with `--json`, whether it ended well or not. After `npm run build`. */
export function jsonOf(directory: string, words: readonly string[]): unknown {
  const args = [TALEUS, ...words, '--json', '--data-dir', directory]
  const { stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  return JSON.parse(stdout)
}
