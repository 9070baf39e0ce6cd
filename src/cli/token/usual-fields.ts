import { distance } from 'fastest-levenshtein'
import { UsageError } from '../errors/errors.ts'
import { type AskStreams, askYesNo, canAsk } from '../input/ask.ts'

/** The fields that people disclose. Another one is as good, but nobody has it ready: it may be a slip of the hand. */
const USUAL_FIELDS = ['name', 'email', 'phone', 'address', 'company', 'website'] as const

/** Fields of somebody's own, which are meant. */
const OWN = /^x-/

/** Letters that a slip changes, at most. */
const SLIP = 2

/** Where to ask whether a field is meant, and where to warn of it if nobody can be asked. */
export interface FieldDoubts {
  /** Left out where no question is wanted. */
  readonly streams?: AskStreams
  warn(text: string): void
}

/**
 * Asks about fields that are not usual, on a terminal; elsewhere it warns of them.
 * @throws UsageError if one is not meant; CommandFailure `interrupted` on ^C
 */
export async function confirmFields(
  flag: '--require' | '--optional',
  fields: readonly string[],
  { streams, warn }: FieldDoubts,
): Promise<void> {
  for (const field of fields) {
    if (OWN.test(field) || USUAL_FIELDS.some((usual) => usual === field)) continue
    const doubt = `${field} is none of the usual fields (${USUAL_FIELDS.join(', ')})`
    const nearest = USUAL_FIELDS.find((usual) => distance(usual, field) <= SLIP)
    const hint = nearest === undefined ? '' : `; did you mean ${nearest}?`
    if (streams === undefined || !canAsk(streams)) {
      warn(`${flag}: ${doubt}${hint || `; x-${field} says that it is meant`}`)
    } else if (
      !(await askYesNo(
        `${doubt}${hint || '.'} ${flag === '--require' ? 'Require' : 'Ask for'} ${field} all the same?`,
        streams,
      ))
    ) {
      throw new UsageError(`${flag} ${field}: not meant, so nothing was done`)
    }
  }
}
