import { ownMember } from '../../protocol/base/own-member.ts'
import { isRelayed } from '../../protocol/link/link-address.ts'
import { PeerUnreachableError, RelayLimitError, WrongPeerError } from '../../session/errors.ts'
import { toError } from '../base/to-error.ts'
import {
  DialAttemptError,
  PatchedInternalsError,
  RelayRefusedError,
  RelayUnreachableError,
} from '../errors.ts'

const CUT_OFF = 'the connection was cut'

const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nobody listens there',
  ECONNRESET: CUT_OFF,
  EPIPE: CUT_OFF,
  EHOSTUNREACH: 'no way to that host',
  ENETUNREACH: 'no way to that network',
  EADDRNOTAVAIL: 'no way to that host',
  EINVAL: 'no way to that host',
  ETIMEDOUT: 'no answer',
  ENOTFOUND: 'no host of that name',
  EAI_AGAIN: 'the name could not be looked up',
  EACCES: 'not allowed by this machine',
  EMFILE: 'this machine has too many files open',
  TimeoutError: 'no answer in time',
  AbortError: 'no answer in time',
  EncryptionFailedError: 'what answers there is not a libp2p node that we can talk to',
  MuxerUnavailableError: 'what answers there is not a libp2p node that we can talk to',
  WrongPeerError: 'somebody else answers there',
  node_uncertified: 'somebody with a wrong certificate answers there',
  node_lapsed: 'a node answers there whose certificate is not good now',
  NoValidAddressesError: 'not a kind of address that can be dialled',
  ConnectionClosedError: CUT_OFF,
  MuxerClosedError: CUT_OFF,
  StreamResetError: 'the other side cut the stream',
  relay_full: 'the relay has no place left',
  relay_busy: 'the relay has too much to do',
  relay_denied: 'the relay refuses us',
  relay_did_not_reach: 'the relay does not reach the inviter',
  relay_without_place: 'the inviter is not at this relay now',
  relay_not_understood: 'the relay answers what nobody can understand',
  relay_gone: CUT_OFF,
  relay_limit: 'the relay carries too little for a connection',
  relay_token_refused: 'the relay does not take the token',
  relay_access: 'the file with the relay’s token can not be used',
  transport_closed: CUT_OFF,
}

/** The same of a relay, as long as it has not yet connected anybody. */
const WORDS_OF_RELAY: Readonly<Record<string, string>> = {
  UnsupportedProtocolError: 'what answers there is no relay',
  NoMessageError: 'the relay does not answer',
  ProtobufError: 'the relay answers what nobody can understand',
}

/**
 * Tells what a failed dial means. Somebody else at any of the addresses, and the right peer at none, is a
 * wrong peer. On a node that `createNode` did not make, libp2p's errors keep neither address nor
 * that difference: there a wrong peer is unreachable like all else that could not be connected to.
 * @param addresses those dialled
 * @returns WrongPeerError, PatchedInternalsError, PeerUnreachableError, or the error itself if it means something else
 */
export function dialFailure(addresses: readonly string[], error: Error): Error {
  const failures: readonly unknown[] = error instanceof AggregateError ? error.errors : [error]
  const wrongPeer = wrongPeerIn(failures)
  if (wrongPeer !== undefined) return wrongPeer
  const changed = failures.find((failure) => failure instanceof PatchedInternalsError)
  if (changed !== undefined) return changed
  if (!failures.every(isKnown)) return error
  const attempts =
    error.name === 'NoValidAddressesError'
      ? addresses.map((address) => ({ address, problem: problemInWords(error) }))
      : failures.map((failure, index) => attemptOf(failure, addresses[index] ?? 'unknown'))
  return new PeerUnreachableError(attempts, { cause: error })
}

/** Finds the one that tells most: a certificate that is not good says more than that there is none. */
function wrongPeerIn(failures: readonly unknown[]): WrongPeerError | undefined {
  const found = failures
    .map((failure) => (failure instanceof DialAttemptError ? failure.cause : failure))
    .filter((cause) => cause instanceof WrongPeerError)
  return found.find(({ code }) => code !== 'wrong_peer') ?? found[0]
}

/** Names one address that failed, without the peer id, and its problem. */
export function attemptOf(failure: unknown, dialled: string): { address: string; problem: string } {
  if (!(failure instanceof DialAttemptError)) {
    return { address: withoutPeer(dialled), problem: problemInWords(failure) }
  }
  const { address, timedOut, isCutOff, cause } = failure
  if (isRelayed(address)) return { address: withoutPeer(address), problem: beyondRelay(failure) }
  if (isCutOff) return { address: withoutPeer(address), problem: CUT_OFF }
  const problem = timedOut ? 'no answer in time' : problemInWords(cause, noConnection(address))
  return { address: withoutPeer(address), problem }
}

/** Says why a relay gives no place, or keeps it no longer, in words that follow its address. */
export function relayProblem(error: unknown): string {
  if (error instanceof RelayUnreachableError && error.cause instanceof DialAttemptError) {
    return attemptOf(error.cause, '').problem
  }
  const { name } = toError(error)
  return ownMember(WORDS_OF_RELAY, name) ?? problemInWords(error)
}

/** Says whether it was the relay's fault, or that of whoever is beyond it. */
function beyondRelay({ timedOut, isTaken, isCutOff, cause }: DialAttemptError): string {
  if (cause instanceof RelayLimitError) return problemInWords(cause)
  if (isTaken) {
    if (isCutOff) return 'the relay, or who is beyond it, cut the connection'
    return timedOut ? 'nobody beyond the relay answers in time' : problemInWords(cause)
  }
  if (cause instanceof RelayUnreachableError && cause.cause instanceof DialAttemptError) {
    return `the relay: ${attemptOf(cause.cause, '').problem}`
  }
  if (timedOut) return 'the relay does not answer in time'
  const problem = relayProblem(cause)
  return problem === CUT_OFF ? 'the relay cut the connection' : problem
}

/**
 * Tells whether somebody took the connection and then did nothing with it in time, or ended it. So does a listener to
 * whom too many come at once: another try is worth it. A relay says it.
 */
export function isTurnedAway(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.some(isTurnedAway)
  if (!(error instanceof DialAttemptError)) return false
  const { timedOut, isTaken, isCutOff, cause } = error
  if (cause instanceof RelayLimitError) return false
  const isBusy = cause instanceof RelayRefusedError && cause.code === 'relay_busy'
  return isBusy || isCutOff || (timedOut && isTaken) || problemInWords(cause) === CUT_OFF
}

function isKnown(failure: unknown): boolean {
  return failure instanceof DialAttemptError || problemInWords(failure, '') !== ''
}

/** Says why a connection failed, by the error's code if it has one, else by its name; never by its message. */
export function problemInWords(reason: unknown, otherwise = 'no connection'): string {
  if (reason === undefined) return otherwise
  const thrown = toError(reason)
  const code = 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : ''
  const nested: unknown = thrown instanceof AggregateError ? thrown.errors[0] : thrown.cause
  // What is no error, such as the event of a page's WebSocket, has no reason but itself.
  const deeper = nested === reason ? undefined : nested
  return (
    ownMember(WORDS, code) ?? ownMember(WORDS, thrown.name) ?? problemInWords(deeper, otherwise)
  )
}

/** Says the same for an error without a reason, such as those of Node's WebSocket client. */
function noConnection(address: string): string {
  return /\/wss?(?:\/|$)/.test(address) ? 'no WebSocket answers there' : 'no connection'
}

export function withoutPeer(address: string): string {
  return address.replace(/\/p2p\/[^/]+$/, '')
}
