import { currentOperator } from '../../service/record/operator.ts'
import { type PruneReport, pruneTrail } from '../../service/trail/prune-trail.ts'
import { trailSigner } from '../../service/trail/trail-signer.ts'
import { withContext } from '../context.ts'
import type { Locations } from '../locations.ts'
import { parseDuration } from '../text/duration.ts'
import { line, type ScreenText } from '../text/screen-text.ts'

/** Younger records may be of something still under way. */
const MIN_KEEP_MS = 86_400_000

export interface PruneOptions {
  /** How far back records stay, like `365d`. */
  readonly keep: string
  readonly reason: string | undefined
  readonly dryRun: boolean
}

/** The answer of `audit prune --json`. */
export interface PruneDocument extends PruneReport {
  readonly dryRun: boolean
}

/**
 * Removes the oldest records and leaves a signed stub for them.
 * @throws UsageError, TrailUnsoundError, TrailBrokenError, StoreError, StoreDamagedError, KeyFileError
 */
export async function pruneAudit(
  locations: Locations,
  { keep, reason, dryRun }: PruneOptions,
): Promise<PruneDocument> {
  const before = Date.now() - parseDuration(keep, { min: MIN_KEEP_MS, of: '--keep' })
  return await withContext(locations, async (context) => {
    const order = { before, dryRun, operator: currentOperator(reason) }
    const signer = trailSigner(await context.privateKey())
    const store = await context.store()
    return { dryRun, ...(await pruneTrail(store, signer, await context.keyId(), order)) }
  })
}

export function pruneText({ removed, removedUpTo, dryRun }: PruneDocument): ScreenText {
  if (removed === 0) return line('Nothing is old enough: records go in blocks of 256.')
  const [went, stands] = dryRun ? ['would go', 'would stand'] : ['are gone', 'stands']
  return line(
    `${removed} records ${went}, up to record ${removedUpTo}. A signed stub ${stands} for them.`,
  )
}
