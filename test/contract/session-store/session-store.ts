import { describe } from 'vitest'
import { describeOpenings } from './agreed/openings.ts'
import { describeTerms } from './agreed/terms.ts'
import { describeApprovals } from './approvals.ts'
import { describeAttempts } from './attempts.ts'
import { describeBatches } from './batches.ts'
import { describeCommitting } from './committing.ts'
import type { EngineUnderTest } from './engine.ts'
import { describeTallies } from './kept-tallies.ts'
import { describeAnyUses } from './model/any-uses.ts'
import { describePruning } from './pruning.ts'
import { describeReaping } from './reaping.ts'
import { describeRehearsals } from './rehearsals.ts'
import { describeRemovals } from './removing.ts'
import { describeRequests } from './requests-by-hand.ts'
import { describeResuming } from './resuming.ts'
import { describeRetries } from './retries.ts'
import { describeSessions } from './session-journals.ts'
import { describeTrail } from './trail.ts'
import { describeUpkeep } from './upkeep.ts'
import { describeUses } from './uses.ts'
import { describeWaitingWork } from './waiting-work.ts'

const SUBJECTS = [
  describeUses,
  describeRetries,
  describeResuming,
  describeTerms,
  describeApprovals,
  describeRequests,
  describeCommitting,
  describeSessions,
  describeAttempts,
  describeTallies,
  describeOpenings,
  describeRemovals,
  describeUpkeep,
  describePruning,
  describeReaping,
  describeTrail,
  describeBatches,
  describeRehearsals,
  describeWaitingWork,
  describeAnyUses,
]

/** Everything that an engine of the port `SessionStore` must do, run against one of them. */
export function describeSessionStore(engine: EngineUnderTest): void {
  describe(`the session store, ${engine.name}`, () => {
    for (const describeSubject of SUBJECTS) describeSubject(engine)
  })
}
