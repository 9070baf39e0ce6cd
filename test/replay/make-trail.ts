/**
 * Writes the audits that stand for this release: `node test/replay/make-trail.ts`. Run once for a version of the
 * schema in which the audit changed; what it wrote is never written again.
 */
import { chmodSync, copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { AuditDraft } from '../../src/audit/record/record.ts'
import { AUDIT_SEVERITIES, AUDIT_TYPES } from '../../src/audit/record/record.ts'
import { pruneTrail } from '../../src/service/trail/prune-trail.ts'
import { takeCheckpoint } from '../../src/service/trail/take-checkpoint.ts'
import { MIGRATIONS } from '../../src/store/file/migrations.ts'
import { openStore, type Store } from '../../src/store/transaction/store.ts'
import { signerOf } from '../support/audit/signer.ts'

const T0 = 1_795_000_000_000
const ALICE = signerOf(1)

function draft(n: number): AuditDraft {
  return {
    type: AUDIT_TYPES[n % AUDIT_TYPES.length] ?? 'state',
    severity: AUDIT_SEVERITIES[n % AUDIT_SEVERITIES.length] ?? 'info',
    at: T0 + 1_000 * n,
    monotonic: n / 8,
    ...(n % 5 === 0 ? {} : { sessionId: `session-${n % 11}`, peerId: 'bob' }),
    ...(n % 3 === 0 ? { tokenId: `token-${n % 4}` } : {}),
    data: { event: 'golden', n, text: 'naïve "€" \u{1f4b0}', list: [1.5, null, true] },
  }
}

async function append(store: Store, from: number, to: number): Promise<void> {
  await store.write(({ audit }) => {
    for (let n = from; n < to; n += 1) audit.append(draft(n))
  })
}

async function main(): Promise<void> {
  const directory = join(import.meta.dirname, `trail-v${MIGRATIONS.length}`)
  if (existsSync(directory)) throw new Error(`${directory} is there and stays as it is`)
  mkdirSync(directory)
  const whole = join(directory, 'whole.db')
  copyFileSync(join(import.meta.dirname, 'v1/taleus.db'), whole)
  chmodSync(whole, 0o600)
  // It begins with records of version 1.
  const store = openStore(whole)
  await append(store, 0, 300)
  await takeCheckpoint(store, ALICE)
  await append(store, 300, 650)
  const { note } = await takeCheckpoint(store, ALICE)
  writeFileSync(join(directory, 'checkpoint'), note)
  await append(store, 650, 660)
  store.close()
  const pruned = join(directory, 'pruned.db')
  copyFileSync(whole, pruned)
  const shorter = openStore(pruned)
  const operator = { user: 'alice', uid: 1_000, reason: 'golden' }
  await pruneTrail(shorter, ALICE, ALICE.peerId, { before: T0 + 400_000, dryRun: false, operator })
  shorter.close()
}

await main()
