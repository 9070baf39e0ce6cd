import type { TallyRecord } from '../../service/tallies/read-tally.ts'

type Status = TallyRecord['status']

/** For a column. */
const SHORT: Readonly<Record<Status, string>> = {
  offered: 'offered',
  held: 'held, not confirmed',
  confirmed: 'confirmed',
  withdrawn: 'withdrawn by the inviter',
}

/** What follows "the tally is". */
const WORDS: Readonly<Record<Status, string>> = {
  offered: 'offered: your partner has not acknowledged it yet',
  held: 'held: stored here and not confirmed by the inviter; run the same link again',
  confirmed: 'confirmed: both sides have it',
  withdrawn: 'withdrawn: the inviter has taken its half back; only this side has it',
}

export function statusText(status: Status): string {
  return SHORT[status]
}

export function statusInWords(status: Status): string {
  return WORDS[status]
}
