import { sha256Hex } from '../base/digest.ts'
import { DraftMalformedError } from '../errors.ts'
import { canonicalJson } from '../json/canonical-json.ts'
import { MAX_DRAFT_BYTES } from '../message/message-limits.ts'
import type { DraftText } from '../message/messages.ts'
import type { Draft, DraftHalf, DraftInput } from './build-draft.ts'
import { draftText } from './build-draft.ts'
import { parseDraft } from './parse-draft.ts'

/**
 * Compares a draft with the one that both sides agreed on.
 * @returns undefined if it is, else the first field that differs, e.g. `terms` or `foil.identity`:
 *   `sha256` if the hash is not the text's, `text` if the text is no draft or not canonical
 */
export function checkDraft(draft: DraftText, expected: DraftInput): string | undefined {
  if (Buffer.byteLength(draft.text) > MAX_DRAFT_BYTES || !draft.text.isWellFormed()) return 'text'
  if (sha256Hex(draft.text) !== draft.sha256) return 'sha256'
  if (draft.text === draftText(expected)) return undefined
  // The text is decided by its fields, so a difference is in one of them.
  return differingField(draft.text, expected) ?? 'text'
}

function differingField(text: string, expected: DraftInput): string | undefined {
  try {
    const draft = parseDraft(text)
    return firstDifference(draft, expected)
  } catch (error) {
    if (error instanceof DraftMalformedError) return error.field
    throw error
  }
}

function firstDifference(draft: Draft, expected: DraftInput): string | undefined {
  if (draft.tallyId !== expected.tallyId) return 'tallyId'
  if (draft.createdAt !== new Date(expected.createdAt).toISOString()) return 'createdAt'
  if (draft.createdBy !== expected.createdBy) return 'createdBy'
  return (
    halfDifference('stock', draft.stock, expected.stock) ??
    halfDifference('foil', draft.foil, expected.foil) ??
    (canonicalJson(draft.terms) === canonicalJson(expected.terms) ? undefined : 'terms')
  )
}

function halfDifference(name: string, half: DraftHalf, expected: DraftHalf): string | undefined {
  if (half.partyId !== expected.partyId) return `${name}.partyId`
  if (canonicalJson(half.identity) !== canonicalJson(expected.identity)) return `${name}.identity`
  if (canonicalJson(half.cadre) !== canonicalJson(expected.cadre)) return `${name}.cadre`
  return undefined
}
