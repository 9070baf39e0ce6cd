import { readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { DataDirectory } from './data-directory.ts'

/** What key, store and marker are called while they are written, before they get their names. */
const DRAFT = /^(identity\.key\.[0-9a-f]{16}\.tmp|taleus\.db(\.id)?\.new-\d+)$/

/** A younger one may belong to a process that is about to give it its name, ms. */
const MIN_AGE_MS = 60_000

/** Clear away what processes left that died while they made this directory. For when it is made. */
export function sweepDrafts({ path }: DataDirectory): void {
  for (const name of readdirSync(path)) {
    if (!DRAFT.test(name)) continue
    const draft = join(path, name)
    const stats = statSync(draft, { throwIfNoEntry: false })
    if (stats !== undefined && Date.now() - stats.mtimeMs > MIN_AGE_MS)
      rmSync(draft, { force: true })
  }
}
