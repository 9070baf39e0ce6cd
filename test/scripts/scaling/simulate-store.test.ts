import { describe, expect, it } from 'vitest'
import { type StoreLoad, simulateStore } from '../../../scripts/scaling/simulate-store.ts'

const LOAD: StoreLoad = {
  perSecond: 50,
  seconds: 40,
  nodes: 1,
  nodeMs: 6,
  serverMs: 3,
  serverProcessors: 2,
  commitMs: 4,
}

describe('a store that is simulated', () => {
  it('uses its processors as much as arithmetic says', () => {
    const { nodeBusy, serverBusy } = simulateStore(LOAD)
    expect(nodeBusy).toBeCloseTo(0.3, 1)
    expect(serverBusy).toBeCloseTo(0.075, 2)
  })

  it('answers no sooner than its own work and two commits take', () => {
    const { p50, p99 } = simulateStore({ ...LOAD, perSecond: 1 })
    expect(p50).toBeGreaterThan(2 * (4 + 1))
    expect(p99).toBeGreaterThan(p50)
  })

  it('has ever longer queues towards what it carries, and shorter ones with another node', () => {
    const p99s = [80, 120, 155].map((perSecond) => simulateStore({ ...LOAD, perSecond }).p99)
    expect(p99s).toEqual(p99s.toSorted((a, b) => a - b))
    const relieved = simulateStore({ ...LOAD, perSecond: 155, nodes: 2 }).p99
    expect(relieved).toBeLessThan((p99s[2] ?? 0) / 2)
  })

  it('commits more for each bootstrap the less there is to gather', () => {
    const few = simulateStore({ ...LOAD, perSecond: 5 }).commitsEach
    expect(few).toBeGreaterThan(2.5)
    expect(simulateStore({ ...LOAD, perSecond: 140 }).commitsEach).toBeLessThan(few)
  })

  it('comes to the same from the same load', () => {
    expect(simulateStore(LOAD)).toEqual(simulateStore(LOAD))
  })
})
