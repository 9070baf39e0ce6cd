import type { Role } from '../base/role.ts'
import { DraftMalformedError } from '../errors.ts'
import { canonicalJson } from '../json/canonical-json.ts'
import type { JsonValue } from '../json/json-value.ts'
import type { JsonObject } from '../json/strict-json.ts'
import { parseStrictJson } from '../json/strict-json.ts'
import type { IdentityBundle } from '../message/messages.ts'
import type { Draft, DraftHalf } from './build-draft.ts'
import { DRAFT_PROTOCOL } from './build-draft.ts'

const FIELDS = [
  'createdAt',
  'createdBy',
  'foil',
  'protocol',
  'state',
  'stock',
  'tallyId',
  'terms',
] as const
const HALF_FIELDS = ['cadre', 'identity', 'partyId'] as const

/**
 * Parses a draft, which must be in its one canonical form.
 * @throws DraftMalformedError
 */
export function parseDraft(text: string): Draft {
  const json = parseText(text)
  checkNames(json, FIELDS, '')
  if (json['protocol'] !== DRAFT_PROTOCOL) throw new DraftMalformedError('protocol')
  if (json['state'] !== 'draft') throw new DraftMalformedError('state')
  const draft: Draft = {
    protocol: DRAFT_PROTOCOL,
    state: 'draft',
    tallyId: textOf(json['tallyId'], 'tallyId'),
    createdAt: timeOf(json['createdAt']),
    createdBy: roleOf(json['createdBy']),
    stock: halfOf(json['stock'], 'stock'),
    foil: halfOf(json['foil'], 'foil'),
    terms: json['terms'] ?? null,
  }
  if (canonicalJson(json) !== text) throw new DraftMalformedError('text')
  return draft
}

function parseText(text: string): JsonObject {
  if (!text.isWellFormed()) throw new DraftMalformedError('text')
  try {
    return parseStrictJson(Buffer.from(text))
  } catch (error) {
    throw new DraftMalformedError('text', { cause: error })
  }
}

function checkNames(json: JsonObject, names: readonly string[], inside: string): void {
  const missing = names.find((name) => !Object.hasOwn(json, name))
  if (missing !== undefined) throw new DraftMalformedError(inside + missing)
  if (Object.keys(json).length !== names.length) throw new DraftMalformedError('text')
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function textOf(value: JsonValue | undefined, field: string): string {
  if (typeof value !== 'string') throw new DraftMalformedError(field)
  return value
}

function timeOf(value: JsonValue | undefined): string {
  const text = textOf(value, 'createdAt')
  const time = new Date(text)
  const canonical = !Number.isNaN(time.getTime()) && time.toISOString() === text
  if (!canonical) throw new DraftMalformedError('createdAt')
  return text
}

function roleOf(value: JsonValue | undefined): Role {
  if (value !== 'stock' && value !== 'foil') throw new DraftMalformedError('createdBy')
  return value
}

function halfOf(value: JsonValue | undefined, field: 'stock' | 'foil'): DraftHalf {
  if (!isObject(value)) throw new DraftMalformedError(field)
  checkNames(value, HALF_FIELDS, `${field}.`)
  return {
    partyId: textOf(value['partyId'], `${field}.partyId`),
    identity: identityOf(value['identity'], `${field}.identity`),
    cadre: cadreOf(value['cadre'], `${field}.cadre`),
  }
}

function identityOf(value: JsonValue | undefined, field: string): IdentityBundle {
  if (!isObject(value)) throw new DraftMalformedError(field)
  const entries = Object.entries(value)
  return Object.fromEntries(entries.map(([name, text]) => [name, textOf(text, field)]))
}

function cadreOf(value: JsonValue | undefined, field: string): readonly string[] {
  if (!Array.isArray(value)) throw new DraftMalformedError(field)
  return value.map((address) => textOf(address, field))
}
