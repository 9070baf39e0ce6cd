import * as z from 'zod'
import { JsonError, SyncFrameError } from '../errors.ts'
import { MAX_FRAME_BYTES } from '../frame/frame-limits.ts'
import { parseStrictJson } from '../json/strict-json.ts'
import { MAX_CADRE_ADDRESS, MAX_TALLY_ID } from '../message/message-limits.ts'
import { DIGEST_CHARACTERS } from './document-digest.ts'
import { decodeSignatures, encodeSignatures, type SignaturesFrame } from './signatures-frame.ts'
import {
  MAX_SYNC_ADDRESSES,
  MAX_SYNC_HEADS,
  MAX_SYNC_TALLIES,
  MAX_TALLIES_A_FRAME,
} from './sync-limits.ts'

/** One side's heads of one tally's document; `null`: it does not sync such a tally with this partner. */
export interface TallyHeads {
  readonly tallyId: string
  readonly heads: readonly string[] | null
}

/** The heads of a document that is synced. */
export interface KnownHeads extends TallyHeads {
  readonly heads: readonly string[]
}

/**
 * A frame of the sync.
 * - `digests`: the documents that the sender asks about, each by a digest of its id and heads, put together
 * - `differ`: the places of those digests which are of no document that the sender has
 * - `heads`: tallies and their heads; `more` follow in the next frame
 * - `signatures`: of changes in the message that follows, and perhaps of others
 * - `part`: a part of one message of Automerge's, of no bytes if there is nothing to say
 * - `stop`: this tally is not synced any further
 */
export type SyncFrame =
  | {
      readonly type: 'digests'
      readonly digests: readonly string[]
      /** Multiaddrs, without peer id, by which the sender is reached. */
      readonly addresses: readonly string[]
    }
  | {
      readonly type: 'differ'
      readonly at: readonly number[]
      readonly addresses: readonly string[]
    }
  | { readonly type: 'heads'; readonly tallies: readonly TallyHeads[]; readonly more: boolean }
  | SignaturesFrame
  | { readonly type: 'part'; readonly bytes: Uint8Array; readonly isLast: boolean }
  | { readonly type: 'stop'; readonly tallyId: string }

/** Bytes of a message in one frame, beside the byte that tells whether it is the last. */
export const PART_BYTES = MAX_FRAME_BYTES - 1

const PART = 0x00
const LAST_PART = 0x01
const SIGNATURES = 0x02
const WANTED_SIGNATURES = 0x03
const BRACE = 0x7b

const tallyId = z
  .string()
  .regex(/^[\x21-\x7e]+$/)
  .max(MAX_TALLY_ID)
const heads = z.array(z.string().regex(/^[0-9a-f]{64}$/)).max(MAX_SYNC_HEADS)
const address = z
  .string()
  .regex(/^\/[\x21-\x7e]+$/)
  .max(MAX_CADRE_ADDRESS)

const addresses = z.array(address).max(MAX_SYNC_ADDRESSES)
const digests = z
  .string()
  .regex(/^[\w-]*$/)
  .max(MAX_SYNC_TALLIES * DIGEST_CHARACTERS)
  .refine(({ length }) => length % DIGEST_CHARACTERS === 0)
  .transform(apart)

const CONTROL = z.discriminatedUnion('type', [
  z.object({ type: z.literal('digests'), digests, addresses }),
  z.object({
    type: z.literal('differ'),
    at: z
      .array(
        z
          .int()
          .min(0)
          .max(MAX_SYNC_TALLIES - 1),
      )
      .max(MAX_SYNC_TALLIES),
    addresses,
  }),
  z.object({
    type: z.literal('heads'),
    tallies: z.array(z.object({ tallyId, heads: heads.nullable() })).max(MAX_TALLIES_A_FRAME),
    more: z.boolean(),
  }),
  z.object({ type: z.literal('stop'), tallyId }),
])

/** Writes a frame's payload, at most 64 KiB. */
export function encodeSyncFrame(frame: SyncFrame): Uint8Array {
  if (frame.type === 'signatures') {
    return encodeSignatures(frame.wantsAll ? WANTED_SIGNATURES : SIGNATURES, frame.signatures)
  }
  if (frame.type !== 'part') return new TextEncoder().encode(JSON.stringify(put(frame)))
  const payload = new Uint8Array(1 + frame.bytes.length)
  payload[0] = frame.isLast ? LAST_PART : PART
  payload.set(frame.bytes, 1)
  return payload
}

function put(frame: Exclude<SyncFrame, { type: 'part' | 'signatures' }>) {
  return frame.type === 'digests' ? { ...frame, digests: frame.digests.join('') } : frame
}

function apart(text: string): readonly string[] {
  const count = text.length / DIGEST_CHARACTERS
  return Array.from({ length: count }, (_, at) =>
    text.slice(at * DIGEST_CHARACTERS, (at + 1) * DIGEST_CHARACTERS),
  )
}

/** Reads a frame's payload. @throws SyncFrameError */
export function decodeSyncFrame(payload: Uint8Array): SyncFrame {
  const [kind] = payload
  if (kind === PART || kind === LAST_PART) {
    return { type: 'part', bytes: payload.subarray(1), isLast: kind === LAST_PART }
  }
  if (kind === SIGNATURES || kind === WANTED_SIGNATURES) {
    const signatures = decodeSignatures(payload.subarray(1))
    return { type: 'signatures', signatures, wantsAll: kind === WANTED_SIGNATURES }
  }
  if (kind !== BRACE) throw new SyncFrameError('it is of no known kind')
  const control = CONTROL.safeParse(jsonOf(payload))
  if (!control.success) throw new SyncFrameError('a member is not as it should be')
  return control.data
}

function jsonOf(payload: Uint8Array): unknown {
  try {
    return parseStrictJson(payload)
  } catch (cause) {
    if (cause instanceof JsonError) throw new SyncFrameError('it is no sound JSON', { cause })
    throw cause
  }
}
