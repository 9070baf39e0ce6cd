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

const UNSIGNED = 'confirmed: it stands here; nothing is signed that shows that your partner has it'

export function tallyStatusText(status: Status): string {
  return SHORT[status]
}

/** @param isSigned somebody has signed for it: without that nothing shows that the partner has it, as with an older one */
export function tallyStatusInWords(status: Status, isSigned: boolean): string {
  return status === 'confirmed' && !isSigned ? UNSIGNED : WORDS[status]
}
