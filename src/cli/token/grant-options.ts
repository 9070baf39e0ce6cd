import { compact } from '../../protocol/base/compact.ts'
import { parseTerms } from '../../service/invitations/parse-terms.ts'
import { UsageError } from '../errors/errors.ts'
import { readFileBounded } from '../input/read-bounded.ts'
import { isFieldName, isReservedName, MAX_OWN_FIELDS } from '../settings/identity-fields.ts'
import { SETTINGS } from '../settings/settings-table.ts'
import { parseDuration } from '../text/duration.ts'

/** The flags that say what an invitation grants, as they were typed. */
export interface GrantFlags {
  readonly role?: string | undefined
  readonly uses?: number | undefined
  readonly unlimited?: boolean
  readonly expires?: string | undefined
  /** A note to oneself; empty for none. */
  readonly label?: string | undefined
  /** Names of fields, with commas. */
  readonly require?: string | undefined
  /** The same, of fields that are welcome. */
  readonly optional?: string | undefined
  /** A file. */
  readonly terms?: string | undefined
  /** The inviter says yes or no to each request. */
  readonly approve?: boolean | undefined
}

type Terms = Extract<ReturnType<typeof parseTerms>, { terms: unknown }>['terms']

/** The same, checked. A flag that was not given is missing. */
export interface GrantOptions {
  readonly role?: 'stock' | 'foil'
  readonly uses?: number | null
  readonly lifetimeMs?: number
  readonly label?: string
  readonly required?: readonly string[]
  readonly optional?: readonly string[]
  readonly terms?: Terms
  readonly byHand?: boolean
}

/** Room for the widest terms as text: every character may be escaped as JSON. */
const MAX_TERMS_FILE = 64 * 1024
/** A label is a note to oneself, shown in tables. */
const MAX_LABEL = 120
const CONTROL = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u

/** Checks the flags. @throws UsageError */
export async function parseGrantFlags(flags: GrantFlags): Promise<GrantOptions> {
  const { role, label, expires, terms } = flags
  return compact({
    role: role === undefined ? undefined : checkedRole(role),
    uses: usesOf(flags),
    lifetimeMs: expires === undefined ? undefined : parseLifetime(expires),
    label: label === undefined ? undefined : checkedLabel(label),
    required: flags.require === undefined ? undefined : parseFields('--require', flags.require),
    optional: flags.optional === undefined ? undefined : parseFields('--optional', flags.optional),
    terms: terms === undefined ? undefined : await readTerms(terms),
    byHand: flags.approve,
  })
}

/** Reads how long an invitation is to be good for, ms. @throws UsageError */
export function parseLifetime(text: string): number {
  const { min, max } = SETTINGS.expires
  return parseDuration(text, { min, max, of: '--expires' })
}

function checkedRole(role: string): 'stock' | 'foil' {
  if (role === 'stock' || role === 'foil') return role
  throw new UsageError('--role: stock (you are normally owed) or foil (you normally owe)')
}

function usesOf({ uses, unlimited }: GrantFlags): number | null | undefined {
  if (unlimited === true && uses !== undefined) throw new UsageError('either --uses or --unlimited')
  return unlimited === true ? null : uses
}

function checkedLabel(label: string): string {
  const trimmed = label.trim()
  if (trimmed.length <= MAX_LABEL && !CONTROL.test(trimmed)) return trimmed
  throw new UsageError(`--label: at most ${MAX_LABEL} characters on one line`)
}

function parseFields(flag: string, text: string): readonly string[] {
  const fields = text
    .split(',')
    .map((field) => field.trim())
    .filter((field) => field !== '')
  const reserved = fields.find(isReservedName)
  if (reserved !== undefined) {
    throw new UsageError(
      `${flag}: a field can’t be called ${reserved}: choose another name, like company`,
    )
  }
  if (!fields.every(isFieldName)) {
    throw new UsageError(`${flag}: names of fields with commas between them, like name,email`)
  }
  if (fields.length > MAX_OWN_FIELDS) {
    throw new UsageError(`${flag}: at most ${MAX_OWN_FIELDS} fields`)
  }
  return [...new Set(fields)]
}

async function readTerms(path: string): Promise<Terms> {
  const parsed = parseTerms(await readFileBounded(path, MAX_TERMS_FILE))
  if ('terms' in parsed) return parsed.terms
  throw new UsageError(`--terms: ${path}: ${parsed.problem}`)
}
