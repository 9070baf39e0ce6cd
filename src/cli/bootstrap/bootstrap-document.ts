import { compact } from '../../protocol/base/compact.ts'
import type { Disclosure } from '../../service/redeeming/disclosure.ts'
import type { BootstrapCompleted } from '../../service/redeeming/redeem-result.ts'
import type { SeenOffer } from '../../service/redeeming/seen-offer.ts'
import type { TallyRecord } from '../../service/tallies/read-tally.ts'
import { lines, type ScreenText } from '../text/screen-text.ts'
import { tallyStatusInWords } from '../text/tally-status.ts'
import { harmlessWithin } from '../text/terminal-text.ts'
import { isoTime } from '../text/time-text.ts'
import type { WordsTold } from '../words/words-after.ts'

const BEYOND = /\/p2p-circuit$/

/** The way to the inviter: straight to it, or by a relay. */
export interface Route {
  readonly route: 'direct' | 'relay'
  /** Multiaddr without peer ids. */
  readonly address: string
}

/** @param address at which the inviter was met; undefined if nobody had to be met */
export function routeTo(address: string | undefined): Route | undefined {
  if (address === undefined) return undefined
  return { route: address.endsWith('/p2p-circuit') ? 'relay' : 'direct', address }
}

/** The answer of `bootstrap --json` when there is a tally. */
export function completedDocument(
  outcome: BootstrapCompleted,
  { words, compared }: WordsTold,
  since?: number,
  route?: Route,
) {
  const { sessionId, redemptionId, tallyId, role, partner, database, status, durationMs } = outcome
  const { protocol } = outcome
  const { engine, endpoint } = database
  return {
    sessionId,
    redemptionId,
    tallyId,
    role,
    partner,
    database: { engine, endpoint },
    status,
    ...compact({ protocol }),
    words,
    compared,
    durationMs: Math.round(durationMs * 10) / 10,
    ...compact({ since: since === undefined ? undefined : isoTime(since) }),
    ...route,
  }
}

/** The tally that there is from before, as `--dry-run` tells it. */
export function hadDocument({ tallyId, role, partner, status, createdAt }: TallyRecord) {
  return { tally: { tallyId, role, partner, status, since: isoTime(createdAt) } }
}

/** The same for people. */
export function hadText({ tallyId, status, createdAt, receipt }: TallyRecord): ScreenText {
  return lines([
    `You have this tally since ${isoTime(createdAt)}: it is ${tallyStatusInWords(status, receipt !== undefined)}.`,
    `Look at it: taleus tally show ${tallyId.slice(0, 8)}`,
  ])
}

/** The answer of `bootstrap --dry-run --json`. */
export function lookedDocument(offer: SeenOffer, { identity, cadre, missing }: Disclosure) {
  const { inviter, role, name, terms, required, optional, expiresAt, protocol } = offer
  return {
    offer: compact({
      inviter,
      inviterRole: role,
      name,
      terms,
      required,
      optional,
      expiresAt: new Date(expiresAt * 1000).toISOString(),
      protocol,
    }),
    wouldDisclose: identity,
    wouldDiscloseCadre: cadre,
    missing,
  }
}

/** The new tally for people, and where to look at it. */
export function completedText(
  { tallyId, role, partner, protocol }: BootstrapCompleted,
  { words, compared }: WordsTold,
  since?: number,
  route?: Route,
): ScreenText {
  const name = partner.identity['name']
  const who =
    name === undefined ? partner.peerId : `${harmlessWithin(name, 40)} (${partner.peerId})`
  return lines([
    ...(since === undefined ? [] : [`You have this tally since ${isoTime(since)}.`]),
    `Tally ${tallyId}`,
    `You hold the ${role}; your partner is ${who}.`,
    ...(route?.route === 'relay'
      ? [`You met by a relay, which could read nothing: ${route.address.replace(BEYOND, '')}`]
      : []),
    ...(words === null || compared
      ? []
      : [
          `Words to compare with your partner: ${words.join(' ')} (taleus tally compare ${tallyId.slice(0, 8)})`,
        ]),
    ...(protocol === undefined
      ? []
      : [`Your partner speaks the older protocol ${protocol}, and nothing is signed.`]),
    `${protocol === undefined ? 'Both sides have' : 'You have'} the draft: taleus tally show ${tallyId.slice(0, 8)}`,
  ])
}
