import type { TallyRecord } from '../../service/tallies/read-tally.ts'

type Status = TallyRecord['status']

/** Short, for a column of a table. */
const SHORT: Readonly<Record<Status, string>> = {
  offered: 'offered',
  held: 'held, not confirmed',
  confirmed: 'confirmed',
  withdrawn: 'withdrawn by the inviter',
}

/** The words that follow "the tally is". */
const WORDS: Readonly<Record<Status, string>> = {
  offered: 'offered: your partner has not acknowledged it yet',
  held: 'held: stored here and not confirmed by the inviter; run the same link again',
  confirmed: 'confirmed: both sides have it',
  withdrawn: 'withdrawn: the inviter has taken its half back; only this side has it',
}

export function tallyStatusText(status: Status): string {
  return SHORT[status]
}

export function tallyStatusInWords(status: Status): string {
  return WORDS[status]
}
