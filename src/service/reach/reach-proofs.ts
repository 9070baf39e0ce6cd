import type { Probe } from '../../network/dial/probe.ts'
import type { OutsideProbe } from '../../network/dial-back/ask-outside.ts'
import { compact } from '../../protocol/base/compact.ts'
import type { OutsideProof, ReachProof, ReachReport } from './reach-report.ts'

/** All that was found out in one go. */
interface Found {
  readonly probes: readonly Probe[]
  /** Of some of the same addresses. */
  readonly outside: readonly OutsideProbe[]
  isMapped(address: string): boolean
}

/** Makes the proofs of it, with what is known from before. @param now milliseconds since the epoch */
export function proofsOf(
  { probes, outside, isMapped }: Found,
  before: ReachReport,
  now: number,
): ReachReport {
  return probes.map((probe) => {
    const { address } = probe
    const known = before.find((each) => each.address === address)
    const dialled = outside.find((each) => each.address === address)
    return {
      ...proofOf(probe, now, known),
      ...compact({
        mapped: isMapped(address) ? (true as const) : undefined,
        outside: outsideOf(dialled, now, known),
      }),
    }
  })
}

function proofOf({ address, problem }: Probe, now: number, before?: ReachProof): ReachProof {
  const by = address.includes('/p2p-circuit') ? 'relay' : 'self'
  const provenAt = problem === undefined ? now : before?.provenAt
  return { address, by, triedAt: now, ...compact({ provenAt, problem }) }
}

function outsideOf(
  probe: OutsideProbe | undefined,
  now: number,
  before?: ReachProof,
): OutsideProof | undefined {
  if (probe === undefined) return undefined
  const { relay, problem, untried } = probe
  const isMet = problem === undefined && untried === undefined
  const provenAt = isMet ? now : before?.outside?.provenAt
  return { relay, triedAt: now, ...compact({ provenAt, problem, untried }) }
}

/** It was met there once, and is not now, or the other way round: from outside, or where that is not known, from here. */
export function isTurned(before: ReachProof | undefined, after: ReachProof): boolean {
  // Nothing new is known where nobody tried.
  if (before === undefined || after.outside?.untried !== undefined) return false
  const [was, is] =
    before.outside === undefined || after.outside === undefined || after.by === 'relay'
      ? [before, after]
      : [before.outside, after.outside]
  return was.provenAt !== undefined && (was.problem === undefined) !== (is.problem === undefined)
}

/** Says that an address is lost, or there again. */
export function turnInWords({ address, problem, outside }: ReachProof): string {
  if (outside?.problem !== undefined) {
    return `${address} does not lead here from outside any more: relay ${outside.relay} ${outside.problem}`
  }
  return outside === undefined && problem !== undefined
    ? `${address} does not lead here any more: ${problem}`
    : `${address} leads here again`
}
