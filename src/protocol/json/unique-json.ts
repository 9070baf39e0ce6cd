import { JsonError } from '../errors.ts'
import { outlineOf } from './json-outline.ts'
import type { JsonValue } from './json-value.ts'
import { parseJson } from './strict-json.ts'

/** Objects and arrays inside each other, in what people and other processes give us: counting members is recursive. */
const MAX_GIVEN_DEPTH = 64

/**
 * Parses any JSON in which no object has a name twice: of two, a parser would drop one without a word.
 * @throws JsonError `syntax`, `duplicate_name`, `too_deep`
 */
export function parseUniqueJson(text: string): JsonValue {
  const { members } = outlineOf(text, { depth: MAX_GIVEN_DEPTH, values: Number.POSITIVE_INFINITY })
  const value = parseJson(text)
  if (membersIn(value) !== members) throw new JsonError('duplicate_name')
  return value
}

function membersIn(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  const inside = Object.values(value).reduce<number>((sum, each) => sum + membersIn(each), 0)
  return Array.isArray(value) ? inside : inside + Object.keys(value).length
}
