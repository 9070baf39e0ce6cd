import { chmodSync, copyFileSync, existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { takeCheckpoint } from '../../src/service/trail/take-checkpoint.ts'
import { verifyTrail } from '../../src/service/trail/verify-trail.ts'
import { openStore, type Store } from '../../src/store/transaction/store.ts'
import { openedCheckpoint } from '../support/audit/c2sp-note.ts'
import { mth } from '../support/audit/rfc-6962.ts'
import { signerOf } from '../support/audit/signer.ts'
import { temporaryDirectory } from '../support/cli/temporary-directory.ts'

const ALICE = signerOf(1)
const DIRECTORIES = readdirSync(import.meta.dirname).filter((name) =>
  existsSync(join(import.meta.dirname, name, 'whole.db')),
)

async function openCopy(directory: string, name: string): Promise<Store> {
  const path = join(await temporaryDirectory(), 'taleus.db')
  copyFileSync(join(import.meta.dirname, directory, `${name}.db`), path)
  // Version control does not keep modes.
  chmodSync(path, 0o600)
  const store = openStore(path)
  onTestFinished(() => store.close())
  return store
}

it('there is an audit for the version that brought the tree', () => {
  expect(DIRECTORIES).toContain('trail-v6')
})

describe.each(DIRECTORIES)('an audit of an earlier release, %s', (directory) => {
  const kept = readFileSync(join(import.meta.dirname, directory, 'checkpoint'))

  it('verifies, with records of both versions and a checkpoint that was kept elsewhere', async () => {
    const store = await openCopy(directory, 'whole')
    const versions = new Set(
      [...store.repositories.audit.rows()].map(({ text }) => JSON.parse(text).v),
    )
    expect(versions).toEqual(new Set([1, 2]))
    expect(await verifyTrail(store, ALICE.peerId, [kept.toString()])).toEqual({
      ok: true,
      records: 668,
      head: { seq: 668, hash: expect.stringMatching(/^[0-9a-f]{64}$/) },
      provenUpTo: 658,
      signedUpTo: 658,
      removedUpTo: 0,
    })
  })

  it('has the root that RFC 6962 gives its records, for code that knows nothing of ours', async () => {
    const store = await openCopy(directory, 'whole')
    const checkpoint = openedCheckpoint(kept, ALICE.name, ALICE.publicKey)
    expect(checkpoint).toMatchObject({ origin: ALICE.name, size: 658n })
    const records = [...store.repositories.audit.rows()].map(({ text }) => Buffer.from(text))
    expect(mth(records.slice(0, 658)).toString('base64')).toBe(checkpoint.root)
  })

  it('goes on, and what is signed later holds', async () => {
    const store = await openCopy(directory, 'whole')
    await store.write(({ audit }) => {
      const base = { type: 'state', severity: 'info', at: 1, monotonic: 1 } as const
      for (let n = 0; n < 300; n += 1) audit.append({ ...base, data: { n } })
    })
    const { note } = await takeCheckpoint(store, ALICE)
    const verdict = await verifyTrail(store, ALICE.peerId, [kept.toString(), note])
    expect(verdict).toMatchObject({ ok: true, records: 968, provenUpTo: 968 })
  })

  it('of which the oldest records were removed verifies too', async () => {
    const store = await openCopy(directory, 'pruned')
    const verdict = await verifyTrail(store, ALICE.peerId, [kept.toString()])
    expect(verdict).toMatchObject({ ok: true, removedUpTo: 256, records: 413, provenUpTo: 658 })
  })
})
