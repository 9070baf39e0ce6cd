import type { LinkProblem } from '../errors.ts'

/** How each link begins. */
export const SCHEME = 'taleus:'
/** The longest link, in characters. Fits in the largest QR code at error correction L (2,953). */
export const MAX_LINK_CHARACTERS = 2_048

/** Direction marks, joiners, soft hyphens, variation selectors, byte order marks: what programs add and nobody sees. */
const INVISIBLE = /\p{Default_Ignorable_Code_Point}/gu
/** A line break with what mail programs add: `=` in quoted-printable, `>` in an answer. */
const LINE_BREAK = /=?\r?\n[ \t>]*/g
/** The scheme, which may be broken like all of the link, and does not end a longer word. */
const BEGINNING = new RegExp(`(?<![a-z0-9+])${SCHEME.split('').join('\\s*')}`, 'gi')
/** As much as may be a link's characters and white space. */
const RUN = /^[a-z2-7\s]*/i
/** Quotes, brackets, marks of Markdown and of the end of a clause: what may follow a link without a space. */
const AFTER =
  '"\'`<>()[]{}*_~|\\.,;:!?\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u201f\u00ab\u00bb\u2039\u203a\u300c\u300d\u2026\u3001\u3002'

/** A place in a text where a link begins. */
export interface LinkPlace {
  /** The characters behind the scheme, up to the first white space. */
  readonly start: string
  /** All that may be the link's characters behind the scheme: up to each white space, the shortest first. */
  readonly bodies: readonly string[]
  /** The problem of the whole, if none of the bodies is a link's. */
  readonly problem: LinkProblem | undefined
}

/** Finds each place where a link begins. White space may break a link, so only its checksum tells where it ends. */
export function linkPlacesIn(text: string): readonly LinkPlace[] {
  const plain = text.replace(INVISIBLE, '').replace(LINE_BREAK, '\n')
  const beginnings = [...plain.matchAll(BEGINNING)]
  return beginnings.map((beginning, at) =>
    placeOf(plain.slice(beginning.index + beginning[0].length, beginnings[at + 1]?.index)),
  )
}

/** Whether nothing is in a text but white space, quotes and the like. */
export function isBlank(text: string): boolean {
  const plain = text.replace(INVISIBLE, '').replace(/\s/g, '')
  return [...plain].every((character) => AFTER.includes(character))
}

function placeOf(text: string): LinkPlace {
  const [run = ''] = RUN.exec(text) ?? []
  const pieces = run.split(/\s+/)
  const [start = '', ...more] = pieces
  const next = text.charAt(run.length)
  // A character that is in no link: one that was mistyped, or that belongs to the word after the link.
  const broken = !AFTER.includes(next) && (pieces.at(-1) !== '' || more.length === 0)
  const bodies: string[] = []
  let body = ''
  for (const piece of broken ? pieces.slice(0, -1) : pieces) {
    body += piece
    if (SCHEME.length + body.length > MAX_LINK_CHARACTERS)
      return { start, bodies, problem: 'too_long' }
    bodies.push(body)
  }
  return { start, bodies, problem: broken ? 'bad_character' : undefined }
}
