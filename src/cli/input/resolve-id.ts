import { CommandFailure, UsageError } from '../errors/errors.ts'

/** A search for a thing by the beginning of its id. */
export interface IdSearch<Thing> {
  /** The name of such things, e.g. `invitation`. */
  readonly what: string
  /** At most a handful. */
  startingWith(prefix: string): Promise<readonly Thing[]>
  idOf(thing: Thing): string
}

/** Characters of an id that are looked at; ours have 16 and 26. */
const MAX_ID = 128
/** How many of the ids that begin alike are named. */
const NAMED = 3

/**
 * Finds the one thing whose id is, or begins with, what was typed.
 * @throws CommandFailure `not_found`, `ambiguous_id`; UsageError
 */
export async function resolveId<Thing>(typed: string, search: IdSearch<Thing>): Promise<Thing> {
  const prefix = typed.trim()
  if (/(?:^|#)taleus:/i.test(prefix)) {
    throw new UsageError('that is a link, not an id; see `taleus token inspect`')
  }
  if (prefix === '' || prefix.length > MAX_ID) throw new UsageError('that is not an id')
  const found = await firstFound([prefix, prefix.toLowerCase()], search)
  const [thing] = found
  if (thing === undefined) {
    throw new CommandFailure('not_found', {
      detail: `there is no ${search.what} with the id ${prefix}`,
    })
  }
  if (found.length === 1) return thing
  return found.find((each) => search.idOf(each) === prefix) ?? ambiguous(found, search)
}

/** Ids are in lower case; they may be typed in upper case. */
async function firstFound<Thing>(
  prefixes: readonly string[],
  { startingWith }: Pick<IdSearch<Thing>, 'startingWith'>,
): Promise<readonly Thing[]> {
  for (const prefix of prefixes) {
    const found = await startingWith(prefix)
    if (found.length > 0) return found
  }
  return []
}

/**
 * Completes a part of an id, to look for records about it. An id that is not known here may still be in the audit: it
 * stays as it was typed.
 * @throws CommandFailure `ambiguous_id`; UsageError
 */
export async function narrowId(
  typed: string,
  what: string,
  like: (part: string) => Promise<readonly string[]>,
): Promise<string> {
  const part = typed.trim()
  if (part === '' || part.length > MAX_ID) throw new UsageError('that is not an id')
  const found = await firstFound([part, part.toLowerCase()], { startingWith: like })
  if (found.length <= 1) return found[0] ?? part
  return found.find((id) => id === part) ?? ambiguous(found, { what, idOf: (id) => id })
}

function ambiguous<Thing>(
  found: readonly Thing[],
  { idOf, what }: Pick<IdSearch<Thing>, 'idOf' | 'what'>,
): never {
  const ids = found.slice(0, NAMED).map(idOf).join(', ')
  const more = found.length > NAMED ? ', …' : ''
  throw new CommandFailure('ambiguous_id', {
    detail: `more than one ${what} has an id like that: ${ids}${more}`,
  })
}
