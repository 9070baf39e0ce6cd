import type { SessionSummary } from '../../session/ports/session-summary.ts'
import type { Query } from '../../store/query/query.ts'
import { sessionRecords } from '../../store/records/session-records.ts'
import { tallyRecords } from '../../store/records/tally-records.ts'

/**
 * The redemption that a session is about, as both sides call it: the id that the inviter gave it. An invitee knows it
 * from the inviter's answer, so it is undefined if none came, or if nothing is left of it.
 */
export function* sharedRedemption({
  id,
  side,
  redemptionId,
  tallyId,
}: SessionSummary): Query<string | undefined> {
  if (side === 'listener') return redemptionId
  const tally = tallyId === undefined ? undefined : yield* tallyRecords.find(tallyId)
  if (tally !== undefined) return tally.redemptionId
  const entries = yield* sessionRecords.entries(id)
  const answers = entries.filter(({ event }) => event.includes('"redemptionId"'))
  return answers.map(({ event }) => redemptionIn(event)).find((each) => each !== undefined)
}

/** Finds the redemption that an approval or a receipt names; undefined for any other text. */
function redemptionIn(event: string): string | undefined {
  try {
    const { approval, receipt }: { approval?: unknown; receipt?: unknown } = Object(
      JSON.parse(event),
    )
    const id: unknown = Object(approval ?? receipt)['redemptionId']
    return typeof id === 'string' ? id : undefined
  } catch {
    return undefined
  }
}
