import { isDeadline, reasonInWords } from '../../service/feed/session-reasons.ts'
import { stateInWords } from '../../service/feed/session-states.ts'

/** A sign for each way to end, and one for what goes on; the second for terminals without Unicode. */
const SIGNS: ReadonlyMap<string, readonly [string, string]> = new Map([
  ['COMPLETED', ['✓', '+']],
  ['FAILED', ['✗', 'x']],
  ['TIMEOUT', ['⌛', 't']],
])
const GOING_ON = ['…', '.'] as const

/** The state by a sign and in words: never by a colour, which not everybody sees. */
export function stateText(state: string, isUnicode: boolean): string {
  const [sign, plain] = SIGNS.get(state) ?? GOING_ON
  return `${isUnicode ? sign : plain} ${stateInWords(state)}`
}

/** The reason for an end, and where it came, in words; empty if there is none. */
export function whyText({
  reason,
  step,
}: {
  readonly reason?: string | null
  readonly step?: string | null
}): string {
  if (reason === undefined || reason === null) return ''
  const where = step === undefined || step === null ? '' : `while ${stateInWords(step)}`
  if (isDeadline(reason) && where !== '') return where
  return where === '' ? reasonInWords(reason) : `${reasonInWords(reason)}, ${where}`
}
