import { openCheckpoint, signCheckpoint } from '../../audit/checkpoint/checkpoint.ts'
import type { NoteSigner } from '../../audit/checkpoint/note-key.ts'
import type { StoredCheckpoint } from '../../store/audit/checkpoints.ts'
import { TrailBrokenError } from '../../store/errors.ts'
import type { Store } from '../../store/transaction/store.ts'
import type { Repositories } from '../../store/work/repositories.ts'
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
  store: Pick<Store, 'write'>,
  signer: NoteSigner,
): Promise<StoredCheckpoint> {
  for (let isFirst = true; ; isFirst = false) {
    const taken = await store.write((repositories) => {
      if (isFirst) holdToSigned(repositories, signer)
      const size = repositories.audit.lastSeq()
      const isWhole = repositories.tree.grow(size, BLOCKS_AT_ONCE)
      return isWhole ? sign(repositories, signer, size) : undefined
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
export async function currentCheckpoint(store: Store, key: Uint8Array): Promise<SignedCheckpoint> {
  const signer = trailSigner(key)
  const { note } = await takeCheckpoint(store, signer).catch(async (error: unknown) => {
    if (error instanceof TrailBrokenError) await alarmBroken(store, error.seq, () => undefined)
    throw error
  })
  return { note, origin: signer.name, ...openCheckpoint(note, signer) }
}

function sign(repositories: Repositories, signer: NoteSigner, size: number): StoredCheckpoint {
  const { checkpoints, tree } = repositories
  const latest = checkpoints.latest()
  if (latest?.size === size) return latest
  sealSegments(repositories, signer, size)
  const note = signCheckpoint({ size, root: tree.root(size) }, signer)
  const checkpoint = { size, at: Date.now(), note }
  checkpoints.keep(checkpoint)
  return checkpoint
}
