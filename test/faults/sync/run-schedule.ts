import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hostSync, seekSync } from '../../../src/tally/sync/sync-exchange.ts'
import { Random } from '../../simulation/world/random.ts'
import { tallyOf } from '../../support/service/synced-parties.ts'
import { ALICE, BOB } from '../../support/tally/sync-pair.ts'
import { FaultyWire, type WireTrouble } from './faulty-wire.ts'
import { Side } from './side.ts'

const TALLY_IDS = ['schedule-a', 'schedule-b', 'schedule-c']

const MOST_STEPS = 24

/** Frames of an exchange in which all differ: trouble comes within these. */
const FRAMES = 30

/** Quiet syncs after which all must be equal: one brings all changes, one more may be needed for what was doubled. */
const QUIET_SYNCS = 2

/**
 * Lets two parties edit, sync, fail and start anew by chance, then sync in peace.
 * @returns all that does not hold afterwards
 */
export async function runSchedule(seed: number): Promise<readonly string[]> {
  const directory = mkdtempSync(join(tmpdir(), 'taleus-schedule-'))
  const parties = { alice: ALICE.peerId, bob: BOB.peerId }
  const of = (name: 'alice' | 'bob') => TALLY_IDS.map((id) => tallyOf(id, parties, name))
  const alice = new Side(join(directory, 'alice.db'), ALICE, of('alice'))
  const bob = new Side(join(directory, 'bob.db'), BOB, of('bob'))
  try {
    await alice.keepAll()
    await bob.keepAll()
    await new Schedule(seed, alice, bob).run()
    await syncInPeace(alice, bob)
    const ahead = alice.isInSync() && bob.isInSync() ? [] : ['they are not in sync']
    const all = [...ahead, ...alice.complaints('alice', bob), ...bob.complaints('bob', alice)]
    return all.map((complaint) => `seed ${seed}: ${complaint}`)
  } finally {
    alice.close()
    bob.close()
    rmSync(directory, { recursive: true })
  }
}

/** Bob seeks Alice until both know that they are equal, but not for ever. */
export async function syncInPeace(alice: Side, bob: Side): Promise<void> {
  for (let nth = 0; nth < QUIET_SYNCS; nth += 1) {
    if (!(alice.isInSync() && bob.isInSync())) await sync(alice, bob)
  }
}

class Schedule {
  readonly #random: Random
  readonly #sides: readonly [Side, Side]

  constructor(seed: number, alice: Side, bob: Side) {
    this.#random = new Random(seed)
    this.#sides = [alice, bob]
  }

  async run(): Promise<void> {
    const steps = 8 + this.#random.below(MOST_STEPS - 8)
    for (let step = 0; step < steps; step += 1) {
      const chance = this.#random.next()
      if (chance < 0.45) await this.#edit()
      else if (chance < 0.9) await this.#sync()
      else this.#random.pick(this.#sides).restart()
    }
  }

  async #edit(): Promise<void> {
    const side = this.#random.pick(this.#sides)
    const tally = this.#random.pick(side.tallies)
    await side.set(tally, this.#random.pick(['limit', 'note', 'rate']), this.#random.below(1_000))
  }

  async #sync(): Promise<void> {
    const [host, seeker] = this.#random.chance(0.5) ? this.#sides : this.#sides.toReversed()
    if (host === undefined || seeker === undefined) return
    await sync(host, seeker, this.#trouble())
  }

  #trouble(): WireTrouble | undefined {
    if (this.#random.chance(0.3)) return undefined
    const at = this.#random.below(FRAMES)
    const kind = this.#random.pick(['cut', 'cut', 'twice', 'meanwhile'] as const)
    return kind === 'meanwhile' ? { at, kind, meanwhile: () => this.#edit() } : { at, kind }
  }
}

/** One exchange; whatever goes wrong on the wire ends it for both. */
async function sync(host: Side, seeker: Side, trouble?: WireTrouble): Promise<void> {
  const wire = new FaultyWire(trouble)
  const ids = seeker.tallies.map(({ tallyId }) => tallyId)
  const [ofHost, ofSeeker] = [
    host.replicasWith(seeker.signer.peerId),
    seeker.replicasWith(host.signer.peerId),
  ]
  const ended = (work: Promise<unknown>) => work.finally(() => wire.cut())
  const results = await Promise.allSettled([
    ended(hostSync({ channel: wire.end(0), replicas: ofHost, addresses: [] })),
    ended(seekSync({ channel: wire.end(1), replicas: ofSeeker, addresses: [] }, ids)),
  ])
  await ofHost.close()
  await ofSeeker.close()
  if (trouble !== undefined) return
  const reasons = results.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []))
  if (reasons.length > 0) throw new AggregateError(reasons, reasons.map(String).join('; '))
}
