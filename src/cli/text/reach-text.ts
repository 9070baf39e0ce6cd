import { bestProof, type ReachProof, type ReachReport } from '../../service/reach/reach-report.ts'
import { isoTime, isoTimeOrNull, timeText } from './time-text.ts'

/** A proof in a document. */
export interface ProofDocument extends Pick<ReachProof, 'address' | 'by' | 'problem'> {
  readonly triedAt: string
  readonly provenAt: string | null
}

export function proofDocument({ triedAt, provenAt, ...rest }: ReachProof): ProofDocument {
  return { ...rest, triedAt: isoTime(triedAt), provenAt: isoTimeOrNull(provenAt) }
}

/** How far one address was proven to lead to the listener, in words that follow the address. */
export function proofText({ by, triedAt, provenAt, problem }: ReachProof, now: number): string {
  if (problem !== undefined) {
    const before = provenAt === undefined ? '' : `; it was, ${ago(provenAt, now)}`
    const from = by === 'self' ? ' from this computer' : ''
    return `not met there${from}: ${problem}${before}`
  }
  const when = ago(provenAt ?? triedAt, now)
  return by === 'self'
    ? `answers on this computer, tried ${when}; not tried from outside`
    : `proven ${when}`
}

/**
 * How far a listener can be reached, in words that stand alone.
 * @returns undefined if nothing was tried
 */
export function reachText(report: ReachReport, now: number): string | undefined {
  const best = bestProof(report)
  if (best === undefined) return undefined
  const { by, address, problem } = best
  if (by === 'relay') {
    const relay = relayOf(address)
    return problem === undefined
      ? `reachable through relay ${relay}, proven ${provenAgo(best, now)}`
      : `not reachable through relay ${relay}: ${problem}`
  }
  return problem === undefined
    ? `answers at this computer’s own address, tried ${provenAgo(best, now)}; not tried from outside`
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
  const { by, address, problem } = best
  if (by === 'relay') {
    const relay = relayOf(address)
    return problem === undefined
      ? `works through relay ${relay}, proven ${provenAgo(best, now)}`
      : `does not lead here through relay ${relay} now: ${problem}`
  }
  return problem === undefined
    ? 'may be reached from anywhere; it answers on this computer, and was not tried from outside'
    : `may be reached from anywhere, and was not met from this computer (${problem})`
}

function provenAgo({ provenAt, triedAt }: ReachProof, now: number): string {
  return ago(provenAt ?? triedAt, now)
}

function relayOf(address: string): string {
  const [relay = address] = address.split('/p2p-circuit')
  return relay
}

function ago(at: number, now: number): string {
  return timeText(Math.min(at, now), { now, relative: true })
}
