import { decodeLink, type LinkContent } from '../../protocol/link/link.ts'
import { linkHash, tokenIdOf } from '../../protocol/link/secret.ts'
import type { Refusal } from '../../protocol/message/messages.ts'
import { DENIALS } from '../../session/machine/dialer-endings.ts'
import type { Attempt } from '../../session/ports/attempt.ts'
import type { SessionStore } from '../../session/ports/store.ts'
import type { TallyRecord } from '../../session/ports/tally.ts'
import type { RecordStore } from '../../store/query/record-store.ts'
import { lastAwaitedUntil } from '../sessions/awaited-answer.ts'
import type { DeniedTally } from './redeem-result.ts'

type Looked = Pick<SessionStore, 'lookups'>

/**
 * The tally that this side holds from a link, whether the inviter has confirmed it or not.
 * @throws LinkError, StoreError
 */
export async function tallyOfLink(store: Looked, text: string): Promise<TallyRecord | undefined> {
  return await tallyFrom(store, decodeLink(text))
}

/** The same, of a link that was read. @throws StoreError */
export async function tallyFrom(
  { lookups }: Looked,
  link: LinkContent,
): Promise<TallyRecord | undefined> {
  const { tallyId } = (await lookups.attempts.kept(linkHash(link))) ?? {}
  return tallyId === undefined ? undefined : await lookups.tallies.find(tallyId)
}

/** Finds the confirmed tally that this side has from a link, if a refusal says that there is none. @throws StoreError */
export async function tallyDenied(
  store: Looked,
  link: LinkContent,
  { code }: Refusal,
): Promise<DeniedTally | undefined> {
  if (!DENIALS.has(code)) return undefined
  const tally = await tallyFrom(store, link)
  return tally?.status === 'confirmed'
    ? { tallyId: tally.tallyId, since: tally.createdAt }
    : undefined
}

/** Picks the try that led to a tally, else the last one: a later failure does not hide the tally that is there. */
export async function begunBefore(
  { lookups: { attempts } }: Looked,
  link: LinkContent,
): Promise<Attempt | undefined> {
  const hash = linkHash(link)
  return (await attempts.kept(hash)) ?? (await attempts.latest(hash))
}

/** The id of a try that was begun and would be gone on with: the inviter may have answered it already. */
export async function unfinishedId(
  { lookups: { attempts } }: Looked,
  link: LinkContent,
): Promise<string | undefined> {
  const latest = await attempts.latest(linkHash(link))
  return latest?.status === 'running' || latest?.status === 'held' ? latest.bootstrapId : undefined
}

/** True of a try that the user agreed to, or that has a tally already: nobody is asked again. */
export function isAgreed(attempt: Attempt | undefined): attempt is Attempt {
  if (attempt === undefined || attempt.status === 'ended') return false
  return attempt.status !== 'running' || attempt.consented !== undefined
}

/** Until when the inviter keeps a place for a request that was answered `pending`, ms since the epoch; it may be over. */
export function keptFor(
  store: Pick<RecordStore, 'query'>,
  { secret }: LinkContent,
): Promise<number | undefined> {
  return store.query(() => lastAwaitedUntil(tokenIdOf(secret)))
}
