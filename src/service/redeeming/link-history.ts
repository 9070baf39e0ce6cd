import { decodeLink, type LinkContent } from '../../protocol/link/link.ts'
import { linkHash, tokenIdOf } from '../../protocol/link/secret.ts'
import type { Refusal } from '../../protocol/message/messages.ts'
import { DENIALS } from '../../session/machine/dialer-endings.ts'
import type { Attempt } from '../../session/ports/attempt.ts'
import type { TallyRecord } from '../../session/ports/tally.ts'
import type { Store } from '../../store/transaction/store.ts'
import { lastAwaitedUntil } from '../sessions/awaited-answer.ts'
import type { DeniedTally } from './redeem-result.ts'

/**
 * The tally that this side holds from a link, whether the inviter has confirmed it or not.
 * @throws LinkError, StoreError
 */
export function tallyOfLink(store: Store, text: string): TallyRecord | undefined {
  return tallyFrom(store, decodeLink(text))
}

/** The same, of a link that was read. @throws StoreError */
export function tallyFrom(store: Store, link: LinkContent): TallyRecord | undefined {
  return store.read(({ attempts, tallies }) => {
    const tallyId = attempts.kept(linkHash(link))?.tallyId
    return tallyId === undefined ? undefined : tallies.find(tallyId)
  })
}

/** Finds the confirmed tally that this side has from a link, if a refusal says that there is none. @throws StoreError */
export function tallyDenied(
  store: Store,
  link: LinkContent,
  { code }: Refusal,
): DeniedTally | undefined {
  if (!DENIALS.has(code)) return undefined
  const tally = tallyFrom(store, link)
  return tally?.status === 'confirmed'
    ? { tallyId: tally.tallyId, since: tally.createdAt }
    : undefined
}

/** Picks the try that led to a tally, else the last one: a later failure does not hide the tally that is there. */
export function begunBefore(store: Store, link: LinkContent): Attempt | undefined {
  const hash = linkHash(link)
  return store.read(({ attempts }) => attempts.kept(hash) ?? attempts.latest(hash))
}

/** The id of a try that was begun and would be gone on with: the inviter may have answered it already. */
export function unfinishedId(store: Store, link: LinkContent): string | undefined {
  const latest = store.read(({ attempts }) => attempts.latest(linkHash(link)))
  return latest?.status === 'running' || latest?.status === 'held' ? latest.bootstrapId : undefined
}

/** True of a try that the user agreed to, or that has a tally already: nobody is asked again. */
export function isAgreed(attempt: Attempt | undefined): attempt is Attempt {
  if (attempt === undefined || attempt.status === 'ended') return false
  return attempt.status !== 'running' || attempt.consented !== undefined
}

/** Until when the inviter keeps a place for a request that was answered `pending`, ms since the epoch; it may be over. */
export function keptFor(store: Store, { secret }: LinkContent): number | undefined {
  return store.read(({ sessions }) => lastAwaitedUntil(sessions, tokenIdOf(secret)))
}
