import { type ErrorMeaning, fixed } from './error-meaning.ts'

const RETRY_LATER = 'Wait a little, then run the same command again.'

/** The codes for what may go well later. */
export const LATER_ERROR_CODES = {
  paused: fixed(
    9,
    'The inviter has paused this invitation for a while.',
    'Run the same command again later, or ask the inviter when it goes on.',
  ),
  busy: fixed(9, 'The inviter is too busy just now.', RETRY_LATER),
  rate_limited: fixed(9, 'The inviter has had too many attempts in a short time.', RETRY_LATER),
  draining: fixed(
    9,
    'The inviter is about to stop and takes nothing new.',
    'Run the same command again once it is back.',
  ),
  pending: fixed(
    13,
    'The inviter has yet to say yes: it looks at each request itself.',
    'Run the same command again later: your place is kept.',
  ),
  in_progress: fixed(
    9,
    'The invitation is being redeemed just now, by you or by somebody else.',
    RETRY_LATER,
  ),
  work_lost: fixed(9, 'Another attempt of yours has taken this over.', RETRY_LATER),
} satisfies Record<string, ErrorMeaning>
