import { type ErrorMeaning, fixed, own } from './error-meaning.ts'

/** The codes about the sync of tallies with their partners. */
export const SYNC_ERROR_CODES = {
  history_malformed: own(
    2,
    'That is no history of a tally, or not a whole one.',
    'Name a whole file that `taleus tally history --export` has written.',
  ),
  history_unchecked: own(
    8,
    'The history takes too long, or too much memory, to be checked.',
    'Run it again where less is going on. If it stays so, ask for it anew: no tally may be as large.',
  ),
  partner_unreachable: fixed(
    6,
    'The partner could not be reached at any address that is known of it.',
    'See that its listener is running; or listen yourself, and let the partner sync. What was set here stays, and goes over the next time.',
  ),
  sync_cut: fixed(
    6,
    'The partner ended the exchange before it was done.',
    'It is safe to run the same command again. If it stays so, ask the partner: it may not have these tallies any more.',
  ),
  sync_frame_malformed: fixed(
    7,
    'The partner sent what is no message of the sync.',
    'Update taleus on both sides.',
  ),
  tally_stopped: fixed(
    7,
    'A tally is not synced any further, since the partner’s changes can’t be taken.',
    'See `taleus tally show` for the reason, and tell the partner. What is here stays as it is.',
  ),
  tally_not_taken: fixed(
    7,
    'The two documents still differ: the partner did not take what is here, or something was set meanwhile.',
    'Run the same command again. If it stays so, ask the partner what its `taleus tally show` says.',
  ),
  tally_not_shared: fixed(
    7,
    'The partner does not sync one of these tallies.',
    'Ask the partner: it may have stopped, or not have it any more.',
  ),
} satisfies Record<string, ErrorMeaning>
