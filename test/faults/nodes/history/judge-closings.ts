import { isGiven, mayBeOwn } from './asks.ts'
import type { ClientHistory } from './client-history.ts'
import type { Complaint } from './complaint.ts'

/** Nothing new is given on what the inviter has closed: who asks later has at most what an earlier ask of its own may have come to. */
export function judgeClosings({ asks, closings }: ClientHistory): readonly Complaint[] {
  return closings.flatMap((closing) => {
    const of = asks.filter(
      ({ tokenId, client }) => tokenId === closing.tokenId && (closing.client ?? client) === client,
    )
    const early = of.filter(({ at }) => at <= closing.at)
    return of
      .filter(isGiven)
      .filter((ask) => ask.at > closing.at)
      .filter(
        (ask) =>
          !mayBeOwn(
            early.filter(({ another }) => another === ask.another),
            ask,
          ),
      )
      .map(({ client, tokenId, told }): Complaint => {
        const what = `${client} was given ${told.tallyId} on token ${tokenId}, which was closed`
        return { broken: 'closed', what }
      })
  })
}
