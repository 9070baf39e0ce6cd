import { readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { DataDirectory } from './data-directory.ts'

/** The names of key, certificate, store and marker while they are being written. */
const DRAFT =
  /^(identity\.key\.[0-9a-f]{16}\.tmp|node\.certificate\.[0-9a-f]{12}\.tmp|taleus\.db(\.id)?\.new-\d+)$/

/** Age in ms below which a draft may belong to a process that is about to rename it. */
const MIN_AGE_MS = 60_000

/** Removes drafts of processes that died while they made this directory, or its certificate. */
export function sweepDrafts({ path }: DataDirectory): void {
  for (const name of readdirSync(path)) {
    if (!DRAFT.test(name)) continue
    const draft = join(path, name)
    const stats = statSync(draft, { throwIfNoEntry: false })
    if (stats !== undefined && Date.now() - stats.mtimeMs > MIN_AGE_MS)
      rmSync(draft, { force: true })
  }
}
