import { test } from 'vitest'
import {
  FAILING_FSYNC,
  type FailingFsyncCase,
  fsyncFails,
  hasStrace,
} from '../../faults/directory/failing-fsync-trial.ts'

// The first ones make the listener ready, one or two more tidy up after that; the next are those of a session.
const CASES: readonly FailingFsyncCase[] = [
  { role: 'foil', nth: 7, error: 'EIO', code: 'disk_failed' },
  // Unlike a write that finds no room, this can't be waited for.
  { role: 'stock', nth: 8, error: 'ENOSPC', code: 'disk_full' },
]

test.skipIf(!hasStrace).each(CASES)(FAILING_FSYNC, fsyncFails)
