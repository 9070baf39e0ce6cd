/** The exit codes, and what a script may conclude from each. Which error leads to which: error-codes.ts. */
export const EXIT_CODES = {
  0: 'it worked',
  1: 'something unexpected went wrong',
  2: 'the command was not used as intended',
  3: 'the link is malformed, or from a newer version',
  4: 'the invitation has expired, or is not known to the inviter',
  5: 'the invitation is used up or was revoked',
  6: 'the other side could not be reached; safe to retry',
  7: 'refused or declined',
  8: 'timed out; safe to retry',
  9: 'busy, rate limited or draining; retry later',
  10: 'the data directory, the store, the key or the settings can’t be used',
  11: 'the audit trail, a tally, its words, a receipt or a history does not verify, or a partner’s trail contradicts itself',
  12: 'the receipt is signed by one side only, or a change in the history by nobody',
  13: 'the inviter has yet to say yes; the same command later, or with --wait, goes on',
  127: 'there is no such command',
  130: 'interrupted (^C) before a clean end',
  143: 'terminated (SIGTERM) before a clean end',
} as const

export type ExitCode = keyof typeof EXIT_CODES
