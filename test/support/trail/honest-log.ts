import type { DatabaseSync } from 'node:sqlite'
import type { AuditDraft } from '../../../src/audit/record/record.ts'
import { takeCheckpoint } from '../../../src/service/trail/take-checkpoint.ts'
import { type TrailVerdict, verifyTrail } from '../../../src/service/trail/verify-trail.ts'
import { openMemoryDatabase } from '../../../src/store/file/database.ts'
import { Store } from '../../../src/store/transaction/store.ts'
import { Repositories } from '../../../src/store/work/repositories.ts'
import { signerOf } from '../audit/signer.ts'
import type { Choose } from './tampering.ts'
import { chooser } from './tampering-trial.ts'

const SIGNER = signerOf(1)

/**
 * Writes a log as processes do that share a store, fail in the middle of a transaction, and die; then verifies it
 * against a checkpoint that was kept on the way, if there was one.
 */
export async function honestVerdict(seed: number): Promise<TrailVerdict> {
  const choose = chooser(seed)
  const database = openMemoryDatabase()
  try {
    let processes = [processOn(database), processOn(database)]
    const kept: string[] = []
    const steps = 5 + choose(25)
    for (let step = 0; step < steps; step += 1) {
      const store = processes[choose(2)] ?? processOn(database)
      const what = choose(6)
      if (what === 0) kept.push((await takeCheckpoint(store, SIGNER)).note)
      else if (what === 1) processes = died(database, choose)
      else await write(store, choose)
    }
    return await verifyTrail(processOn(database), SIGNER.peerId, kept)
  } finally {
    database.close()
  }
}

function processOn(database: DatabaseSync): Store {
  return new Store(':memory:', database, new Repositories(database))
}

/** What was written and not committed is gone, and so is what the process remembered. */
function died(database: DatabaseSync, choose: Choose): Store[] {
  database.exec('BEGIN IMMEDIATE')
  const { audit } = new Repositories(database)
  for (let count = choose(5); count > 0; count -= 1) audit.append(draft(choose))
  database.exec('ROLLBACK')
  return [processOn(database), processOn(database)]
}

async function write(store: Store, choose: Choose): Promise<void> {
  const works = 1 + choose(3)
  const writes = Array.from({ length: works }, () =>
    store.write(({ audit }) => {
      for (let count = choose(40); count > 0; count -= 1) audit.append(draft(choose))
      if (choose(5) === 0) throw new Error('this piece of work failed')
    }),
  )
  await Promise.allSettled(writes)
  // Of a transaction in which all has failed, nobody hears when it is over.
  await store.write(() => undefined)
}

function draft(choose: Choose): AuditDraft {
  const session = choose(12)
  const about = session === 0 ? {} : { sessionId: `session-${session}` }
  return {
    type: 'state',
    severity: 'info',
    at: choose(1e9),
    monotonic: choose(1e9) / 8,
    ...about,
    data: { n: choose(9) },
  }
}
