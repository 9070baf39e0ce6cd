import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, it, onTestFinished } from 'vitest'
import { signCheckpoint } from '../../../src/audit/checkpoint/checkpoint.ts'
import { witnessedParty } from '../../../src/service/witness/witnessed-parties.ts'
import { openStore } from '../../../src/store/transaction/store.ts'
import { signerOf } from '../../support/audit/signer.ts'
import { temporaryDirectory } from '../../support/cli/temporary-directory.ts'

const ALICE = signerOf(1)
const ROOT = new Uint8Array(32).fill(7)

/** Whether a checkpoint that is kept as this row is told as Alice's own. */
async function isSignedAs(size: number, root: Uint8Array, note: string) {
  const path = join(await temporaryDirectory(), 'taleus.db')
  const store = openStore(path)
  onTestFinished(() => store.close())
  const database = new DatabaseSync(path)
  database
    .prepare(`INSERT INTO witnessed (peer_id, size, standing, root, note, since, seen_at, session_id)
      VALUES (?, ?, 'proven', ?, ?, 1, 1, 's')`)
    .run(ALICE.peerId, size, root, note)
  database.close()
  return (await witnessedParty(store, ALICE.peerId))?.isSigned
}

it('a partner’s checkpoint is shown as its own only if it has signed just that', async () => {
  const note = signCheckpoint({ size: 5, root: ROOT }, ALICE)
  expect(await isSignedAs(5, ROOT, note)).toBe(true)
  expect(await isSignedAs(6, ROOT, note)).toBe(false)
  expect(await isSignedAs(5, new Uint8Array(32), note)).toBe(false)
  expect(await isSignedAs(5, ROOT, note.replace('\n5\n', '\n6\n'))).toBe(false)
  expect(await isSignedAs(5, ROOT, signCheckpoint({ size: 5, root: ROOT }, signerOf(2)))).toBe(
    false,
  )
  expect(await isSignedAs(5, ROOT, '')).toBe(false)
})
