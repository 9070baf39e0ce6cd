import { openCheckpoint, signCheckpoint } from '../../audit/checkpoint/checkpoint.ts'
import type { NoteSigner } from '../../audit/checkpoint/note-key.ts'
import { auditRecords } from '../../store/audit/audit-records.ts'
import { auditTree } from '../../store/audit/audit-tree.ts'
import { checkpointRecords, type StoredCheckpoint } from '../../store/audit/checkpoint-records.ts'
import { TrailBrokenError } from '../../store/errors.ts'
import type { Query } from '../../store/query/query.ts'
import type { RecordStore } from '../../store/query/record-store.ts'
import { alarmBroken } from './alarm-broken.ts'
import { holdToSigned } from './hold-to-signed.ts'
import { sealSegments } from './seal-segments.ts'
import { trailSigner } from './trail-signer.ts'

/** Blocks of 256 records that are folded in at once: 4,096 records hold the process up for some 20 ms. */
const BLOCKS_AT_ONCE = 16

/**
 * Signs how far the audit has grown. The checkpoint is durable, and so is all that it covers.
 * @returns the newest one, which may be an earlier one if nothing has been added
 * @throws TrailBrokenError: nothing is signed over a trail that does not fit together; StoreError
 */
export async function takeCheckpoint(
  store: Pick<RecordStore, 'transact'>,
  signer: NoteSigner,
): Promise<StoredCheckpoint> {
  for (let isFirst = true; ; isFirst = false) {
    const at = Date.now()
    const taken = await store.transact(function* () {
      if (isFirst) yield* holdToSigned(signer)
      const size = yield* auditRecords.lastSeq()
      const isWhole = yield* auditTree.grow(size, BLOCKS_AT_ONCE)
      return isWhole ? yield* sign(signer, size, at) : undefined
    })
    if (taken !== undefined) return taken
  }
}

/** A checkpoint, and what it says. */
export interface SignedCheckpoint {
  /** The signed note. */
  readonly note: string
  /** The log's name: the note's first line. */
  readonly origin: string
  /** Records 1 to this one are under it. */
  readonly size: number
  /** The RFC 6962 root over them, 32 bytes. */
  readonly root: Uint8Array
}

/**
 * As `takeCheckpoint`, and read back as anybody would. A broken trail is recorded as an alarm.
 * @param key the private key's bytes, as in the key file
 * @throws also IdentityKeyError
 */
export async function currentCheckpoint(
  store: Pick<RecordStore, 'transact'>,
  key: Uint8Array,
): Promise<SignedCheckpoint> {
  const signer = trailSigner(key)
  const { note } = await takeCheckpoint(store, signer).catch(async (error: unknown) => {
    if (error instanceof TrailBrokenError) await alarmBroken(store, error.seq, () => undefined)
    throw error
  })
  return { note, origin: signer.name, ...openCheckpoint(note, signer) }
}

function* sign(signer: NoteSigner, size: number, at: number): Query<StoredCheckpoint> {
  const latest = yield* checkpointRecords.latest()
  if (latest?.size === size) return latest
  yield* sealSegments(signer, size, at)
  const note = signCheckpoint({ size, root: yield* auditTree.root(size) }, signer)
  const checkpoint = { size, at, note }
  yield* checkpointRecords.keep(checkpoint)
  return checkpoint
}
