import { ownMember } from '../protocol/base/own-member.ts'

/** The bytes are not a sound Ed25519 private key. Holds none of them. */
export class IdentityKeyError extends Error {
  override readonly name = 'IdentityKeyError'
  readonly code = 'identity_key_invalid'
}

/** A text can't be listened on or announced. */
export class ListenAddressError extends Error {
  override readonly name = 'ListenAddressError'
  readonly code = 'address_invalid'
  /** As given. */
  readonly address: string

  /** @param problem a sentence's end: "`address` " + problem */
  constructor(address: string, problem: string) {
    super(`${address.startsWith('/') ? address : JSON.stringify(address)} ${problem}`)
    this.address = address
  }
}

/** Our codes for the system's own about listening. */
const CODES: Readonly<Record<string, 'address_in_use' | 'address_unavailable' | 'port_forbidden'>> =
  {
    EADDRINUSE: 'address_in_use',
    EADDRNOTAVAIL: 'address_unavailable',
    EAFNOSUPPORT: 'address_unavailable',
    ENOTFOUND: 'address_unavailable',
    EAI_AGAIN: 'address_unavailable',
    EACCES: 'port_forbidden',
  }

/** One of the addresses that were asked for can't be listened on. */
export class ListenError extends Error {
  override readonly name = 'ListenError'
  readonly code: 'address_in_use' | 'address_unavailable' | 'port_forbidden' | 'listen_failed'
  /** The multiaddr, or HOST:PORT for HTTP. */
  readonly address: string

  constructor(address: string, cause: Error) {
    super(`can't listen on ${address}: ${cause.message}`, { cause })
    this.address = address
    const system = 'code' in cause && typeof cause.code === 'string' ? cause.code : ''
    this.code = ownMember(CODES, system) ?? 'listen_failed'
  }
}

/** One address of a peer did not give a connection; `cause` is what it said. */
export class DialAttemptError extends Error {
  override readonly name = 'DialAttemptError'
  readonly code = 'dial_attempt_failed'
  /** The multiaddr that was tried, with the pinned peer id. */
  readonly address: string
  /** No answer in the time given to this address. */
  readonly timedOut: boolean
  /** Somebody took the connection, and no secured one came of it. */
  readonly isTaken: boolean
  /** The connection was taken, and ended by the other side before it was a secured one. */
  readonly isCutOff: boolean

  constructor(address: string, options: ErrorOptions & DialAttemptFacts) {
    super(`no connection through ${address}`, options)
    this.address = address
    this.timedOut = options.timedOut
    this.isTaken = options.isTaken
    this.isCutOff = options.isCutOff
  }
}

type DialAttemptFacts = Pick<DialAttemptError, 'timedOut' | 'isTaken' | 'isCutOff'>

/** A relay can't be reached; `cause` is what its dial said. */
export class RelayUnreachableError extends Error {
  override readonly name = 'RelayUnreachableError'
  readonly code = 'relay_unreachable'

  constructor(relay: string, options?: ErrorOptions) {
    super(`no connection to the relay ${relay}`, options)
  }
}

/** The connection to a relay has ended, and with it the place there. */
export class RelayGoneError extends Error {
  override readonly name = 'RelayGoneError'
  readonly code = 'relay_gone'

  constructor() {
    super('the connection to the relay has ended')
  }
}

/** A relay gives places only to who knows its token, and ours is another one. */
export class RelayTokenRefusedError extends Error {
  override readonly name = 'RelayTokenRefusedError'
  readonly code = 'relay_token_refused'

  constructor() {
    super('the relay does not take the token')
  }
}

/** Our codes for a relay's reasons, by the numbers of circuit relay v2. */
const RELAY_CODES: Readonly<Record<number, RelayRefusedError['code']>> = {
  200: 'relay_full',
  201: 'relay_busy',
  202: 'relay_denied',
  203: 'relay_did_not_reach',
  204: 'relay_without_place',
}

/** A relay does not do what it was asked for, and says so. */
export class RelayRefusedError extends Error {
  override readonly name = 'RelayRefusedError'
  readonly code:
    | 'relay_full'
    | 'relay_busy'
    | 'relay_denied'
    | 'relay_did_not_reach'
    | 'relay_without_place'
    | 'relay_not_understood'
  /** As the relay said it. */
  readonly status: number | undefined

  constructor(status: number | undefined) {
    super(`the relay refused, with status ${status ?? 'none'}`)
    this.status = status
    this.code = ownMember(RELAY_CODES, String(status)) ?? 'relay_not_understood'
  }
}

/** A package that we change the inside of is not the version that the change was written for. */
export class PatchedInternalsError extends Error {
  override readonly name = 'PatchedInternalsError'
  readonly code = 'dependency_changed'
  readonly package: string
  /** The version that the change was written for. */
  readonly version: string
  /** The member that is missing, or does not do any more what it did. */
  readonly member: string

  constructor(name: string, version: string, member: string) {
    super(`${name} is not like version ${version}, which taleus is made for: no ${member}`)
    this.package = name
    this.version = version
    this.member = member
  }
}
