import * as z from 'zod'
import type { Role } from '../base/role.ts'
import { HistoryMalformedError } from '../errors.ts'
import type { JsonValue } from '../json/json-value.ts'
import { parseStrictJson } from '../json/strict-json.ts'
import { peerId, role, sha256Text, signature, tallyId } from '../message/message-field-schemas.ts'
import { MAX_DRAFT_BYTES } from '../message/message-limits.ts'
import { parseReceipt } from '../receipt/parse-receipt.ts'
import type { Receipted } from '../receipt/receipt.ts'
import { MAX_SYNC_SIGNATURES } from '../sync/sync-limits.ts'

/** The first member of the first line: what the file is, and in which version. */
export const HISTORY_FORMAT = 'taleus tally history 1'

/** Bytes of a history as a file: a document as large as it may be, its changes uncompressed, and 10,000 signatures. */
export const MAX_HISTORY_BYTES = 16_777_216

/** The first line: the tally that the history is of. */
export interface HistoryHead {
  readonly tallyId: string
  /** The draft's text. The document's first change is derived from it. */
  readonly draft: string
  /** Both parties, by peer id, which is their key. */
  readonly parties: Readonly<Record<Role, string>>
  /** The receipt by which both have signed the draft, if there is one. */
  readonly receipt?: Receipted
}

/** One line for each change, behind those that it builds on. */
export interface HistoryChange {
  /** The change as Automerge writes it. */
  readonly bytes: Uint8Array
  readonly hash: string
  /** The party in whose name it is; `null` if it is of neither. */
  readonly party: Role | null
  /** Base64url; `null` if it is not signed. */
  readonly signature: string | null
}

/** A history that is whole; whether it is true is another question. */
export interface HistoryFile extends HistoryHead {
  readonly changes: readonly HistoryChange[]
  /** The document's heads with all changes, in order: the last line. */
  readonly heads: readonly string[]
}

const head = z.strictObject({
  format: z.literal(HISTORY_FORMAT),
  tallyId,
  draft: z.string().max(MAX_DRAFT_BYTES),
  parties: z.strictObject({ stock: peerId, foil: peerId }),
  receipt: z.unknown().optional(),
})

const change = z.strictObject({
  change: z.string().regex(/^[\w-]+$/),
  hash: sha256Text,
  party: role.nullable(),
  signature: signature.nullable(),
})

const end = z.strictObject({ changes: z.int().min(0), heads: z.array(sha256Text) })

/** Writes a history, a line at a time. */
export function* historyLines(
  { receipt, ...tally }: HistoryHead,
  changes: Iterable<HistoryChange>,
  heads: readonly string[],
): Generator<string> {
  yield lineOf({ format: HISTORY_FORMAT, ...tally, ...(receipt && { receipt }) })
  let count = 0
  for (const { bytes, hash, party, signature: signed } of changes) {
    count += 1
    yield lineOf({
      change: Buffer.from(bytes).toString('base64url'),
      hash,
      party,
      signature: signed,
    })
  }
  yield lineOf({ changes: count, heads })
}

/** Reads a history. Checks no hash and no signature. @throws HistoryMalformedError */
export function parseHistory(text: string): HistoryFile {
  const lines = text.trimEnd().split('\n')
  if (lines.length < 2)
    throw new HistoryMalformedError('is not the last one', { line: lines.length })
  if (lines.length > MAX_SYNC_SIGNATURES + 2) {
    throw new HistoryMalformedError('is one too many', { line: MAX_SYNC_SIGNATURES + 2 })
  }
  const [first = '', ...rest] = lines
  const { format: _, receipt, ...tally } = read(head, first, 1)
  const changes = rest.slice(0, -1).map((line, at) => {
    const { change: bytes, ...facts } = read(change, line, at + 2)
    return { bytes: Uint8Array.from(Buffer.from(bytes, 'base64url')), ...facts }
  })
  const { heads, changes: count } = read(end, rest.at(-1) ?? '', lines.length)
  if (count !== changes.length) {
    throw new HistoryMalformedError('names another number of changes', { line: lines.length })
  }
  return { ...tally, ...receiptOf(receipt), changes, heads }
}

function receiptOf(value: unknown): { readonly receipt?: Receipted } {
  if (value === undefined) return {}
  try {
    return { receipt: parseReceipt(Buffer.from(JSON.stringify(value))) }
  } catch (cause) {
    throw new HistoryMalformedError('holds no sound receipt', { line: 1, cause })
  }
}

function read<Line>(schema: z.ZodType<Line>, line: string, number: number): Line {
  const result = schema.safeParse(json(line, number))
  if (result.success) return result.data
  throw new HistoryMalformedError('is not as it should be', { line: number, cause: result.error })
}

function json(line: string, number: number): JsonValue {
  try {
    // A change may be as large as the document: what bounds a line is the bound of the file.
    return parseStrictJson(Buffer.from(line), undefined, MAX_HISTORY_BYTES)
  } catch (cause) {
    throw new HistoryMalformedError('is no sound JSON', { line: number, cause })
  }
}

function lineOf(value: object): string {
  return `${JSON.stringify(value)}\n`
}
