import { expect, it } from 'vitest'
import { openCheckpoint } from '../../../src/audit/checkpoint/checkpoint.ts'
import { takeCheckpoint } from '../../../src/service/trail/take-checkpoint.ts'
import { verifyTrail } from '../../../src/service/trail/verify-trail.ts'
import { checkpointRecords } from '../../../src/store/audit/checkpoint-records.ts'
import { openMemoryDatabase } from '../../../src/store/file/database.ts'
import { Store } from '../../../src/store/transaction/store.ts'
import { Repositories } from '../../../src/store/work/repositories.ts'
import { signerOf } from '../../support/audit/signer.ts'

const SIGNER = signerOf(1)

/** A log of 1,221 records that was signed; nodes 0 to 3 of its tree are stored. */
async function signedLog() {
  const database = openMemoryDatabase()
  const store = new Store(':memory:', database, new Repositories(database))
  const append = (count: number) =>
    store.write(({ audit }) => {
      const base = { type: 'state', severity: 'info', at: 1, monotonic: 1 } as const
      for (let n = 0; n < count; n += 1) audit.append({ ...base, data: { n } })
    })
  /** The next checkpoint, over 600 records more. */
  const next = async () => {
    await append(600)
    return openCheckpoint((await takeCheckpoint(store, SIGNER)).note, SIGNER)
  }
  await append(1_221)
  const { note } = await takeCheckpoint(store, SIGNER)
  const verify = () => verifyTrail(store, SIGNER.peerId, [note])
  return { database, store, next, verify }
}

it.each([
  ['a node that was changed', 'UPDATE audit_tree SET hash = zeroblob(32) WHERE n = 1'],
  ['the newest node, changed', 'UPDATE audit_tree SET hash = zeroblob(32) WHERE n = 3'],
  ['a checkpoint of somebody else', "UPDATE audit_checkpoints SET note = 'trust me'"],
  ['a checkpoint over more than there is', 'UPDATE audit_checkpoints SET size = 99999'],
  ['a checkpoint over less than it says', 'UPDATE audit_checkpoints SET size = 1000'],
  ['an end that was cut off', 'DELETE FROM audit WHERE seq > 1200'],
])('nothing is signed over %s', async (_name, sql) => {
  const { database, store, next } = await signedLog()
  database.exec(sql)
  await expect(next()).rejects.toMatchObject({ code: 'trail_broken' })
  expect(await store.query(() => checkpointRecords.all())).toHaveLength(1)
})

it.each([
  ['a node that is missing', 'DELETE FROM audit_tree WHERE n = 1'],
  ['the last node missing', 'DELETE FROM audit_tree WHERE n = 3'],
  ['the next node, of records that are still to come', node(4)],
  ['a node far behind the end', node(300)],
  ['nodes of a higher level than there can be', node(0, 2)],
  ['no checkpoint any more', 'DELETE FROM audit_checkpoints'],
])('what is signed is the root of the records, whatever the store has: %s', async (_name, sql) => {
  const [sound, other] = [await signedLog(), await signedLog()]
  other.database.exec(sql)
  expect(await other.next()).toEqual(await sound.next())
  expect(await sound.verify()).toMatchObject({ ok: true, provenUpTo: 1_221 })
})

function node(n: number, level = 1): string {
  return `INSERT INTO audit_tree (level, n, hash) VALUES (${level}, ${n}, zeroblob(32))`
}
