import { cpSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { dataDirectory } from './cli.ts'
import { ON_POSTGRES } from './store-on-server.ts'

/** The data directories of two parties, neither of whom runs. */
interface Pair {
  readonly alice: string
  readonly bob: string
}

/**
 * Has a pair made by the first test of a file that asks for it, whichever that is.
 * @returns a function that gives each test copies of its own, as the pair was made
 */
export function madeOnce<Made extends Pair>(make: () => Promise<Made>): () => Promise<Made> {
  let kept: { readonly root: string; readonly made: Made } | undefined
  afterAll(async () => {
    if (kept !== undefined) await rm(kept.root, { recursive: true, force: true })
  })
  return async () => {
    // A copy of a data directory has the same store on the server.
    if (ON_POSTGRES) return await make()
    if (kept === undefined) {
      const made = await make()
      kept = { root: await mkdtemp(join(tmpdir(), 'taleus-e2e-')), made }
      copy(made, pairIn(kept.root))
    }
    const own = { alice: await dataDirectory(), bob: await dataDirectory() }
    copy(pairIn(kept.root), own)
    return { ...kept.made, ...own }
  }
}

function pairIn(root: string): Pair {
  return { alice: join(root, 'alice'), bob: join(root, 'bob') }
}

function copy(from: Pair, to: Pair): void {
  cpSync(from.alice, to.alice, { recursive: true })
  cpSync(from.bob, to.bob, { recursive: true })
}
