import { LinkError } from '../../protocol/errors.ts'
import { decodeLink } from '../../protocol/link/link.ts'

/** The reason why no link can be read in a text, as a sentence; undefined if one can. */
export function linkProblem(text: string): string | undefined {
  try {
    decodeLink(text)
    return undefined
  } catch (error) {
    if (!(error instanceof LinkError)) throw error
    return `${error.message.charAt(0).toUpperCase()}${error.message.slice(1)}.`
  }
}
