import { test } from 'vitest'
import {
  FAILING_FSYNC,
  type FailingFsyncCase,
  fsyncFails,
  hasStrace,
} from '../faults/directory/failing-fsync-trial.ts'

// The rest of those that are tried with every change.
const CASES: readonly FailingFsyncCase[] = [
  { role: 'foil', nth: 6, error: 'EIO', code: 'disk_failed' },
  { role: 'foil', nth: 9, error: 'EIO', code: 'disk_failed' },
  { role: 'stock', nth: 7, error: 'EIO', code: 'disk_failed' },
  { role: 'stock', nth: 8, error: 'EIO', code: 'disk_failed' },
]

test.skipIf(!hasStrace).each(CASES)(FAILING_FSYNC, fsyncFails)
