import { openCheckpoint } from '../../audit/checkpoint/checkpoint.ts'
import { trailKey } from '../../audit/checkpoint/note-key.ts'
import { NoteInvalidError } from '../../audit/errors.ts'
import { parseDraft } from '../../protocol/draft/parse-draft.ts'
import { DraftMalformedError, PeerIdError } from '../../protocol/errors.ts'
import type { TallyRecord } from '../../session/ports/tally.ts'
import { checkpointRecords } from '../audit/checkpoint-records.ts'
import { tallyRecords } from '../records/tally-records.ts'
import type { Store } from './store.ts'

/** Tallies that are asked whose they are, in a store that does not say: the newest. */
const TALLIES_ASKED = 10

/** The party that the records prove to have written them, if any do. @throws StoreError */
export async function provenOwner(store: Store): Promise<string | undefined> {
  const note = (await store.query(() => checkpointRecords.latest()))?.note
  const signer = note === undefined ? undefined : signerOf(note)
  if (signer !== undefined) return signer
  for (const tally of await store.query(() => tallyRecords.list(TALLIES_ASKED))) {
    const holder = holderOf(tally)
    if (holder !== undefined) return holder
  }
  return undefined
}

/** A checkpoint names the log, which is called after its party, in its first line. */
function signerOf(note: string): string | undefined {
  const peerId = /^taleus\/audit\/(\w+)\n/.exec(note)?.[1]
  if (peerId === undefined) return undefined
  try {
    openCheckpoint(note, trailKey(peerId))
    return peerId
  } catch (error) {
    if (error instanceof NoteInvalidError || error instanceof PeerIdError) return undefined
    throw error
  }
}

function holderOf({ role, built }: TallyRecord): string | undefined {
  try {
    return parseDraft(built.draft.text)[role].partyId
  } catch (error) {
    if (error instanceof DraftMalformedError) return undefined
    throw error
  }
}
