import { type ErrorMeaning, fixed, own } from './error-meaning.ts'

/** The codes about relays: those that run here, and those by which both sides meet. */
export const RELAY_ERROR_CODES = {
  relay_access: own(
    2,
    'Those who may reserve at the relay can’t be as they were named.',
    'See `taleus relay --help`.',
  ),
  relay_limit: fixed(
    6,
    'The relay has ended the connection before both sides were done.',
    'It is safe to run the same command again: what both sides have stays. If it stays so, meet at a relay with wider bounds, or directly.',
  ),
  no_relay: fixed(
    6,
    'No relay is running on this data directory.',
    'Start one with `taleus relay`.',
  ),
} satisfies Record<string, ErrorMeaning>
