/** What is wrong with a text that should be a link. */
export type LinkProblem =
  | 'empty'
  | 'not_a_link'
  | 'too_long'
  | 'bad_character'
  | 'truncated'
  | 'mistyped'
  | 'trailing_bytes'
  | 'non_canonical'
  | 'address'
  | 'version'
  | 'newer'

const SENTENCES: Readonly<Record<LinkProblem, string>> = {
  empty: 'there is no link',
  not_a_link: 'this is not a taleus link: it must begin with taleus:',
  too_long: 'this is too long to be a taleus link',
  bad_character: 'the link has a character in it that cannot be part of a link',
  truncated: 'the link is incomplete, its end is missing',
  mistyped: 'the link is damaged or mistyped, its checksum does not match',
  trailing_bytes: 'the link has something more behind its end',
  non_canonical: 'the link is not written the one way that is allowed',
  address: 'the link holds an address that cannot be understood',
  version: 'the link has a version that never existed',
  newer: 'the link was made by a newer taleus',
}

/** A text is not a link that can be used. Never holds the link, nor any part of it. */
export class LinkError extends Error {
  override readonly name = 'LinkError'
  readonly code: 'link_malformed' | 'link_newer'
  readonly problem: LinkProblem

  constructor(problem: LinkProblem) {
    super(SENTENCES[problem])
    this.code = problem === 'newer' ? 'link_newer' : 'link_malformed'
    this.problem = problem
  }
}
