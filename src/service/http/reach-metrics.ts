import { Gauge, type Registry } from 'prom-client'
import { isProvenOutside, type ReachProof, type ReachReport } from '../reach/reach-report.ts'
import type { ListenerStatus } from '../status/listener-status.ts'

/** Tells the ways by which it was met the last time that it tried; nothing of a way that was not tried. */
export function tellReach(
  registers: Registry[],
  status: () => Pick<ListenerStatus, 'reach' | 'router'>,
): void {
  new Gauge({
    name: 'taleus_reached',
    help: '1 if it was met at one of its addresses the last time, by the way there.',
    labelNames: ['by'],
    registers,
    collect() {
      this.reset()
      const ways = waysOf(status().reach ?? [])
      for (const { by } of ways) this.set({ by }, 0)
      for (const { by, isMet } of ways) if (isMet) this.set({ by }, 1)
    },
  })
  new Gauge({
    name: 'taleus_router_mapped',
    help: '1 if the router says that it passes connections on to here; absent if it is not asked.',
    registers,
    collect() {
      this.reset()
      const { router } = status()
      if (router === undefined) this.remove()
      else this.set(router.state === 'mapped' ? 1 : 0)
    },
  })
  new Gauge({
    name: 'taleus_reach_proven_timestamp_seconds',
    help: 'When it was last met at one of its addresses, by the way there.',
    labelNames: ['by'],
    registers,
    collect() {
      this.reset()
      const met = waysOf(status().reach ?? []).filter(({ provenAt }) => provenAt !== undefined)
      for (const { by, provenAt = 0 } of met.sort((a, b) => (a.provenAt ?? 0) - (b.provenAt ?? 0)))
        this.set({ by }, provenAt / 1_000)
    },
  })
}

/** A try of an address, by the way there: from this computer, through a relay, or from outside. */
interface Way {
  readonly by: ReachProof['by'] | 'outside'
  readonly isMet: boolean
  readonly provenAt?: number | undefined
}

function waysOf(report: ReachReport): readonly Way[] {
  return report.flatMap((proof): Way[] => {
    const { by, problem, provenAt, outside } = proof
    const here = { by, isMet: problem === undefined, provenAt }
    if (outside === undefined || outside.untried !== undefined) return [here]
    return [here, { by: 'outside', isMet: isProvenOutside(proof), provenAt: outside.provenAt }]
  })
}
