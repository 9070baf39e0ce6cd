import { compact } from '../../protocol/base/compact.ts'
import {
  bestProof,
  isProvenOutside,
  type OutsideProof,
  type ReachProof,
  type ReachReport,
} from '../../service/reach/reach-report.ts'
import { isoTime, isoTimeOrNull, timeText } from './time-text.ts'

/** A proof in a document. */
export interface ProofDocument extends Pick<ReachProof, 'address' | 'by' | 'problem' | 'mapped'> {
  readonly triedAt: string
  readonly provenAt: string | null
  /** The result of a try from outside, if there was one. */
  readonly outside?: Pick<OutsideProof, 'relay' | 'problem' | 'untried'> & {
    readonly triedAt: string
    readonly provenAt: string | null
  }
}

export function proofDocument({ triedAt, provenAt, outside, ...rest }: ReachProof): ProofDocument {
  return {
    ...rest,
    ...timesOf({ triedAt, provenAt }),
    ...compact({ outside: outside && { ...outside, ...timesOf(outside) } }),
  }
}

function timesOf({ triedAt, provenAt }: Pick<ReachProof, 'triedAt' | 'provenAt'>) {
  return { triedAt: isoTime(triedAt), provenAt: isoTimeOrNull(provenAt) }
}

/** How far one address was proven to lead to the listener, in words that follow the address. */
export function proofText(proof: ReachProof, now: number): string {
  const { by, triedAt, provenAt, problem, outside } = proof
  if (isProvenOutside(proof)) return `proven from outside ${provenAgo(outside ?? proof, now)}`
  if (outside?.problem !== undefined) {
    const before = outside.provenAt === undefined ? '' : `; it could, ${ago(outside.provenAt, now)}`
    return `no way in from outside: ${outsideProblem(outside)}${before}`
  }
  if (proof.mapped === true) return `mapped by the router, not proven${untriedText(outside)}`
  if (problem !== undefined) {
    const before = provenAt === undefined ? '' : `; it was, ${ago(provenAt, now)}`
    const from = by === 'self' ? ' from this computer' : ''
    return `not met there${from}: ${problem}${before}`
  }
  const when = ago(provenAt ?? triedAt, now)
  return by === 'self'
    ? `answers on this computer, tried ${when}; ${notTriedText(outside)}`
    : `proven ${when}`
}

/**
 * How far a listener can be reached, in words that stand alone.
 * @returns undefined if nothing was tried
 */
export function reachText(report: ReachReport, now: number): string | undefined {
  const best = bestProof(report)
  if (best === undefined) return undefined
  const { by, address, problem, outside } = best
  if (isProvenOutside(best))
    return `reachable directly, proven from outside ${provenAgo(outside ?? best, now)}`
  if (by === 'relay') {
    const relay = relayOf(address)
    return problem === undefined
      ? `reachable through relay ${relay}, proven ${provenAgo(best, now)}`
      : `not reachable through relay ${relay}: ${problem}`
  }
  if (outside?.problem !== undefined)
    return `not reachable directly at ${address}: ${outsideProblem(outside)}`
  if (best.mapped === true)
    return `mapped by the router at ${address}, not proven${untriedText(outside)}`
  return problem === undefined
    ? `answers at this computer’s own address, tried ${provenAgo(best, now)}; ${notTriedText(outside)}`
    : `not met at ${address} from this computer: ${problem}`
}

/**
 * From where a link can be used, in words that follow "this invitation".
 * @param scope the words for what its addresses alone tell
 * @param proofs those of its addresses that are not only for who is near
 */
export function linkReachText(scope: string, proofs: ReachReport, now: number): string {
  const best = bestProof(proofs)
  if (best === undefined) return scope
  const { by, address, problem, outside } = best
  if (isProvenOutside(best))
    return `works from anywhere, proven from outside ${provenAgo(outside ?? best, now)}`
  if (by === 'relay') {
    const relay = relayOf(address)
    return problem === undefined
      ? `works through relay ${relay}, proven ${provenAgo(best, now)}`
      : `does not lead here through relay ${relay} now: ${problem}`
  }
  if (outside?.problem !== undefined)
    return `does not lead here from outside now: ${outsideProblem(outside)}`
  if (best.mapped === true) return 'may be reached from anywhere; mapped by the router, not proven'
  return problem === undefined
    ? 'may be reached from anywhere; it answers on this computer, and was not tried from outside'
    : `may be reached from anywhere, and was not met from this computer (${problem})`
}

function outsideProblem({ relay, problem }: OutsideProof): string {
  return `relay ${relay} ${problem}`
}

function notTriedText(outside: OutsideProof | undefined): string {
  return `not tried from outside${untriedText(outside)}`
}

function untriedText(outside: OutsideProof | undefined): string {
  return outside?.untried === undefined ? '' : `: relay ${outside.relay} ${outside.untried}`
}

function provenAgo({ provenAt, triedAt }: ReachProof | OutsideProof, now: number): string {
  return ago(provenAt ?? triedAt, now)
}

function relayOf(address: string): string {
  const [relay = address] = address.split('/p2p-circuit')
  return relay
}

function ago(at: number, now: number): string {
  return timeText(Math.min(at, now), { now, relative: true })
}
