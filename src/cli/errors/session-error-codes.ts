import { type ErrorMeaning, fixed, own } from './error-meaning.ts'

/** The error codes about sessions that wait, or are over, as in error-codes.ts. */
export const SESSION_ERROR_CODES = {
  not_waiting: own(
    2,
    'That request does not wait for your word any more.',
    'See `taleus sessions pending` for those that do.',
  ),
  session_over: fixed(
    2,
    'That session is over, and holds nothing that could be given back.',
    'See `taleus sessions show` for how it ended.',
  ),
} satisfies Record<string, ErrorMeaning>
