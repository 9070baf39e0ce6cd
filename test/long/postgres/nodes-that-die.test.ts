import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { NodeTrials } from '../../support/postgres/node-trials.ts'
import { canRunPostgres } from '../../support/postgres/postgres-binaries.ts'

const LEASE_MS = 1_000
const KILLS = Number(process.env['TALEUS_KILLS'] ?? 50)
const STOPS = Number(process.env['TALEUS_STOPS'] ?? 100)

/** All that nodes have promised is there once, and nothing is left open. */
const WELL = { codes: [0, 0], missing: 0, doubled: 0, unfinished: 0, areChainsWhole: true }

describe.skipIf(!canRunPostgres())('two nodes that give away as fast as they can', () => {
  let trials: NodeTrials
  beforeEach(async () => {
    trials = await NodeTrials.begin(LEASE_MS)
  })
  afterEach(() => trials.dispose())

  it(`lose and double nothing when one is killed, ${KILLS} times`, async () => {
    for (let nth = 0; nth < KILLS; nth += 1) await trials.kill(nth)
    tell('killed')
    expect(await trials.end()).toMatchObject(WELL)
  })

  it(`lose and double nothing when one stands still for longer than its lease, ${STOPS} times`, async () => {
    const codes = new Set<number | null>()
    for (let nth = 0; nth < STOPS; nth += 1) codes.add(await trials.stop(nth))
    tell('stopped')
    expect(codes).toEqual(new Set([10]))
    expect(await trials.end()).toMatchObject(WELL)
  })

  /** For whoever reads it: a busy machine is no reason to fail. */
  function tell(how: string): void {
    const sorted = trials.beyondMs.toSorted((a, b) => a - b)
    const [least, middle, most] = [0, sorted.length >> 1, sorted.length - 1].map((at) => sorted[at])
    process.stderr.write(`${how}: taken over ${least}–${most} ms (${middle}) after the lease\n`)
  }
})
