/** Why a listener stops. */
export type StopReason =
  | 'SIGINT'
  | 'SIGTERM'
  | 'SIGHUP'
  /** `taleus drain`. */
  | 'drain'
  | 'closed-pipe'
  | 'time-is-up'
  | 'once'
  | 'store-failed'
  | 'unreachable'

const WORDS: Readonly<Record<StopReason, string>> = {
  SIGINT: 'interrupted',
  SIGTERM: 'asked to by SIGTERM',
  SIGHUP: 'its terminal was closed',
  drain: 'asked to by `taleus drain`',
  'closed-pipe': 'nobody reads it any more',
  'time-is-up': 'its time is up',
  once: 'one tally was wanted',
  'store-failed': 'the store failed',
  unreachable: 'it can’t be reached',
}

/** The reason in words; one of another version without its hyphens. */
export function stopInWords(reason: string): string {
  return isStopReason(reason) ? WORDS[reason] : reason.replaceAll('-', ' ')
}

function isStopReason(reason: string): reason is StopReason {
  return Object.hasOwn(WORDS, reason)
}
