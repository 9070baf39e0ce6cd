import { sha256Hex } from '../base/digest.ts'
import type { Role } from '../base/role.ts'
import { DraftTooLargeError } from '../errors.ts'
import { canonicalJson } from '../json/canonical-json.ts'
import type { JsonValue } from '../json/json-value.ts'
import { MAX_DRAFT_BYTES, MAX_DRAFT_WIRE_BYTES } from '../message/message-limits.ts'
import type { DraftText, IdentityBundle } from '../message/messages.ts'

/** The version of the protocol whose drafts these are. */
export const DRAFT_PROTOCOL = '2.0.0'

/** One party's half of the tally: its id, what it disclosed, its nodes. */
export interface DraftHalf {
  /** Its peer id. */
  readonly partyId: string
  readonly identity: IdentityBundle
  /** Multiaddrs, with peer id, of the nodes it nominates. */
  readonly cadre: readonly string[]
}

/** Everything that decides a draft's text. */
export interface DraftInput {
  readonly tallyId: string
  /** Milliseconds since the epoch. */
  readonly createdAt: number
  /** The inviter's role. */
  readonly createdBy: Role
  readonly stock: DraftHalf
  readonly foil: DraftHalf
  /** The invitation's terms, opaque to us. */
  readonly terms: JsonValue
}

/** The draft as it stands in its text. */
export interface Draft {
  readonly protocol: typeof DRAFT_PROTOCOL
  readonly state: 'draft'
  readonly tallyId: string
  /** ISO 8601, UTC, with milliseconds. */
  readonly createdAt: string
  readonly createdBy: Role
  readonly stock: DraftHalf
  readonly foil: DraftHalf
  readonly terms: JsonValue
}

/**
 * Builds the draft's one text. Same input, same bytes, on any machine.
 * @throws DraftTooLargeError beyond 32 KiB; RangeError for a time that no date has;
 *   CanonicalJsonError if part of the input is not JSON
 */
export function buildDraft(input: DraftInput): DraftText {
  const text = draftText(input)
  const bytes = Buffer.byteLength(text)
  const wireBytes = Buffer.byteLength(JSON.stringify(text))
  if (bytes > MAX_DRAFT_BYTES || wireBytes > MAX_DRAFT_WIRE_BYTES) {
    throw new DraftTooLargeError(bytes)
  }
  return { text, sha256: sha256Hex(text) }
}

/** Builds the text, whatever its size. */
export function draftText(input: DraftInput): string {
  return canonicalJson({
    protocol: DRAFT_PROTOCOL,
    state: 'draft',
    tallyId: input.tallyId,
    createdAt: new Date(input.createdAt).toISOString(),
    createdBy: input.createdBy,
    stock: half(input.stock),
    foil: half(input.foil),
    terms: input.terms,
  })
}

/** Only the named fields, whatever else the object carries. */
function half({ partyId, identity, cadre }: DraftHalf): JsonValue {
  return { partyId, identity, cadre }
}
