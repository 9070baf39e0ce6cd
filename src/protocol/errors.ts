// In the order of the rooms here: base, json, frame, link, message, draft, receipt. Each error has a code of its own. Those of nodes are in node/errors.ts.

/** A text is not the peer id of an Ed25519 key. */
export class PeerIdError extends Error {
  override readonly name = 'PeerIdError'
  readonly code = 'peer_id_malformed'
}

/** The ways in which bytes are no JSON object that is taken here. */
export type JsonProblem =
  | 'too_long'
  | 'not_utf8'
  | 'byte_order_mark'
  | 'syntax'
  | 'not_an_object'
  | 'too_deep'
  | 'too_many_values'
  | 'duplicate_name'
  | 'forbidden_name'
  | 'lone_surrogate'
  | 'number'

const JSON_SENTENCES: Readonly<Record<JsonProblem, string>> = {
  too_long: 'the JSON text is too long',
  not_utf8: 'the text is not UTF-8',
  byte_order_mark: 'the text begins with a byte order mark',
  syntax: 'the text is not JSON',
  not_an_object: 'the JSON text is not an object',
  too_deep: 'the JSON text is nested too deep',
  too_many_values: 'the JSON text holds too many values',
  duplicate_name: 'a JSON object has two members of the same name',
  forbidden_name: 'a JSON object has a member with a name that is not allowed',
  lone_surrogate: 'a JSON string is not well-formed Unicode',
  number: 'a JSON number is out of range',
}

/** Bytes are not JSON, or not as strict as it must be here. Never holds any part of the text. */
export class JsonError extends Error {
  override readonly name = 'JsonError'
  readonly code = 'json_malformed'
  readonly problem: JsonProblem

  constructor(problem: JsonProblem) {
    super(JSON_SENTENCES[problem])
    this.problem = problem
  }
}

/** A value has no canonical JSON: it holds a number that JSON can't say, a lone surrogate, or itself. */
export class CanonicalJsonError extends Error {
  override readonly name = 'CanonicalJsonError'
  readonly code = 'not_json'
}

/** The ways in which bytes are no frame. */
export type FrameProblem =
  | 'zero_length'
  | 'oversize'
  | 'long_prefix'
  | 'too_many_frames'
  | 'too_many_bytes'
  | 'truncated'
  | 'legacy_message'
  | 'legacy_result'

const FRAME_SENTENCES: Readonly<Record<FrameProblem, string>> = {
  zero_length: 'a frame is empty',
  oversize: 'a frame is larger than 64 KiB',
  long_prefix: 'the length of a frame is not written in the shortest way',
  too_many_frames: 'there are more frames than any exchange needs',
  too_many_bytes: 'there are more bytes than any exchange needs',
  truncated: 'the stream ended inside a frame',
  legacy_message: 'this is no message of the older protocol',
  legacy_result: 'a database was handed over that no exchange of this connection waits for',
}

/** Bytes that can't be a frame. What follows them on the same stream has no meaning. */
export class FrameError extends Error {
  override readonly name = 'FrameError'
  readonly code = 'frame_malformed'
  readonly problem: FrameProblem
  /** Whole frames that were in the same chunk, before the problem. */
  readonly frames: readonly Uint8Array[]

  constructor(problem: FrameProblem, frames: readonly Uint8Array[] = []) {
    super(FRAME_SENTENCES[problem])
    this.problem = problem
    this.frames = frames
  }
}

/** The ways in which a text is no link that can be used. */
export type LinkProblem =
  | 'empty'
  | 'not_a_link'
  | 'several'
  | 'too_long'
  | 'bad_character'
  | 'truncated'
  | 'mistyped'
  | 'trailing_bytes'
  | 'non_canonical'
  | 'address'
  | 'version'
  | 'newer'
  | 'legacy'
  | 'unpinned'
  | 'two_peers'
  | 'other_key'

const LINK_SENTENCES: Readonly<Record<LinkProblem, string>> = {
  empty: 'there is no link',
  not_a_link: 'this is not a taleus link: it must begin with taleus:',
  several: 'different links are in this text: give one of them',
  too_long: 'this is too long to be a taleus link',
  bad_character: 'the link has a character in it that cannot be part of a link',
  truncated: 'the link is incomplete, its end is missing',
  mistyped: 'the link is damaged or mistyped, its checksum does not match',
  trailing_bytes: 'the link has something more behind its end',
  non_canonical: 'the link is not written the one way that is allowed',
  address: 'the link holds an address that cannot be understood',
  version: 'the link has a version that never existed',
  newer: 'the link was made by a newer taleus',
  legacy: 'the older link is not as it should be',
  unpinned: 'the older link does not say whose it is',
  two_peers: 'the link names another peer than it should, or several',
  other_key: 'the older link names a peer whose key is not Ed25519',
}

/** A text is not a link that can be used. Never holds the link, nor any part of it. */
export class LinkError extends Error {
  override readonly name = 'LinkError'
  readonly code: 'link_malformed' | 'link_newer' | 'link_unpinned'
  readonly problem: LinkProblem

  /** @param count of the different links, if there are several */
  constructor(problem: LinkProblem, count?: number) {
    super(count === undefined ? LINK_SENTENCES[problem] : `${count} ${LINK_SENTENCES[problem]}`)
    this.code = problem === 'newer' || problem === 'unpinned' ? `link_${problem}` : 'link_malformed'
    this.problem = problem
  }
}

/** The link does not fit in the given number of characters, not even with one address only. */
export class LinkTooLongError extends Error {
  override readonly name = 'LinkTooLongError'
  readonly code = 'link_too_long'
  readonly characters: number
  readonly maxCharacters: number

  constructor(characters: number, maxCharacters: number) {
    super(`the link needs ${characters} characters, ${maxCharacters} are allowed`)
    this.characters = characters
    this.maxCharacters = maxCharacters
  }
}

/** An address can't go into a link: not a multiaddr, or of a kind that links do not carry. */
export class AddressError extends Error {
  override readonly name = 'AddressError'
  readonly code = 'address_unsupported'
  /** The address as given. */
  readonly address: string

  constructor(address: string) {
    super('an address must be a host (ip4, ip6, dns…) and how to reach it, without a peer id')
    this.address = address
  }
}

/** A text is not a token secret. Never holds the text. */
export class SecretError extends Error {
  override readonly name = 'SecretError'
  readonly code = 'secret_malformed'

  constructor() {
    super('this is not a token secret')
  }
}

export interface MessageErrorOptions extends ErrorOptions {
  readonly json?: JsonProblem
}

/** A payload is not a message, or a message can't be sent. Never holds what a field contains. */
export class MessageError extends Error {
  override readonly name = 'MessageError'
  readonly code = 'malformed'
  /** The field at fault, by names of our own schema only, e.g. `built.draft.text`; `` for the whole. */
  readonly path: string
  /** The problem of the JSON text as such, before any schema. */
  readonly json: JsonProblem | undefined

  constructor(path: string, options: MessageErrorOptions = {}) {
    const { json } = options
    super(json === undefined ? `not a valid message: ${path}` : `not a message: ${json}`, options)
    this.path = path
    this.json = json
  }
}

/** A message would not fit in one frame. */
export class MessageTooLargeError extends Error {
  override readonly name = 'MessageTooLargeError'
  readonly code = 'message_too_large'
  readonly bytes: number

  constructor(bytes: number) {
    super(`the message has ${bytes} bytes, too many for a frame`)
    this.bytes = bytes
  }
}

/** A text is not a draft tally. */
export class DraftMalformedError extends Error {
  override readonly name = 'DraftMalformedError'
  readonly code = 'draft_malformed'
  /** The field at fault; `text` for the whole. */
  readonly field: string

  constructor(field: string, options?: ErrorOptions) {
    super(`this is not a draft tally: ${field}`, options)
    this.field = field
  }
}

/** Identities, cadres and terms together make a draft that is too large for a message. */
export class DraftTooLargeError extends Error {
  override readonly name = 'DraftTooLargeError'
  readonly code = 'draft_too_large'
  readonly bytes: number

  constructor(bytes: number) {
    super(`the draft has ${bytes} bytes, too many for a message`)
    this.bytes = bytes
  }
}

/** Bytes are no receipt. Never holds what a member contains. */
export class ReceiptMalformedError extends Error {
  override readonly name = 'ReceiptMalformedError'
  readonly code = 'receipt_malformed'
  /** The member at fault; `` for the whole. */
  readonly path: string

  constructor(path: string, options?: ErrorOptions) {
    super(path === '' ? 'this is no receipt' : `this is no receipt: ${path} is wrong`, options)
    this.path = path
  }
}

/** A text is no address of a PostgreSQL database that we take. Repeats nothing of the text, which may hold a password. */
export class PostgresUrlError extends Error {
  override readonly name = 'PostgresUrlError'
  readonly code = 'database_url'
  /** `password`: there was one in it. */
  readonly problem: 'form' | 'password'

  constructor(
    sentence: string,
    { problem = 'form', ...options }: ErrorOptions & { problem?: 'form' | 'password' } = {},
  ) {
    super(sentence, options)
    this.problem = problem
  }
}

/** A file is no history of a tally, or not a whole one. */
export class HistoryMalformedError extends Error {
  override readonly name = 'HistoryMalformedError'
  readonly code = 'history_malformed'
  /** The line that is not as it should be, 1 for the first. */
  readonly line: number

  constructor(problem: string, { line, ...options }: ErrorOptions & { readonly line: number }) {
    super(`line ${line} of the history ${problem}`, options)
    this.line = line
  }
}

/** The other side's frame can't be one of the tallies' sync, or not at this point. */
export class SyncFrameError extends Error {
  override readonly name = 'SyncFrameError'
  readonly code = 'sync_frame_malformed'

  constructor(problem: string, options?: ErrorOptions) {
    super(`a frame of the sync is not understood: ${problem}`, options)
  }
}
