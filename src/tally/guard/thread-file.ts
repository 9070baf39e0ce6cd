import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Names the file that the thread of a document runs: the source, or that of the built package, which is bundled. */
export function threadFile(): string {
  if (import.meta.filename.endsWith('.ts')) {
    return join(import.meta.dirname, 'document-thread.ts')
  }
  const manifest = fileURLToPath(import.meta.resolve('taleus/package.json'))
  return join(manifest, '../dist/tally/guard/document-thread.js')
}
