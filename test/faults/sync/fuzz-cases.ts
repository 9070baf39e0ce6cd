import { SyncFrameError } from '../../../src/protocol/errors.ts'
import { decodeSyncFrame } from '../../../src/protocol/sync/sync-frames.ts'
import { documentHeads, growsFrom, holdsDraft, openDocument } from '../../../src/tally/document.ts'
import { TallyRefusedError } from '../../../src/tally/errors.ts'
import {
  type OwnDocument,
  SyncedDocument,
  type TakenChanges,
} from '../../../src/tally/guard/synced-document.ts'
import { hostSync } from '../../../src/tally/sync/sync-exchange.ts'
import type { SyncTurn } from '../../../src/tally/sync/sync-ports.ts'
import { Random } from '../../simulation/world/random.ts'
import { draftOf, Party, syncParties } from '../../support/tally/sync-pair.ts'

const TALLY = 'fuzzed'

/** The end of one case: what was sent was taken, in whole or in part, or refused. */
export type FuzzOutcome = 'taken' | 'refused'

/** An honest exchange, and the documents before it; whatever is sent in a case is made of its parts. */
export interface FuzzCorpus {
  /** What the seeker sent, in order. */
  readonly frames: readonly Uint8Array[]
  readonly turns: readonly SyncTurn[]
  /** Alice's document, before it. */
  readonly own: OwnDocument
  readonly heads: string
}

/** Bob has set what Alice has not, and Alice something else; Bob seeks her. */
function pair() {
  const [alice, bob] = [new Party('alice', [TALLY]), new Party('bob', [TALLY])]
  alice.set(TALLY, 'note', 'lunch')
  for (const key of ['limit', 'rate', 'limit']) bob.set(TALLY, key, key.length)
  return { alice, bob }
}

/** Records it once. */
export async function fuzzCorpus(): Promise<FuzzCorpus> {
  const { alice, bob } = pair()
  const own = alice.documents.get(TALLY)
  if (own === undefined) throw new TypeError('there is no such document')
  const heads = alice.headsOf(TALLY).join()
  const turns: SyncTurn[] = []
  const open = alice.open.bind(alice)
  alice.open = async (tallyId) => {
    const replica = await open(tallyId)
    const receive = async (turn: SyncTurn) => {
      turns.push(turn)
      await replica.receive(turn)
    }
    return { ...replica, receive }
  }
  const wire = await syncParties(alice, bob, [TALLY])
  return { frames: wire.sentBy(1), turns, own, heads }
}

/**
 * Sends damaged frames to a reader, to a whole exchange, or to a document, in turn.
 * @throws Error if something is thrown that is no refusal, or taken that a whole load refuses
 */
export async function runFuzzCase(
  corpus: FuzzCorpus,
  seed: number,
  nth: number,
): Promise<FuzzOutcome> {
  const random = new Random(seed ^ Math.imul(nth + 1, 0x9e3779b1))
  // An exchange costs as much as a dozen of the others.
  if (nth % 10 === 0) return await ofExchange(corpus, random)
  return nth % 2 === 0 ? await ofDocument(corpus, random) : await ofReader(corpus, random)
}

async function ofReader({ frames }: FuzzCorpus, random: Random): Promise<FuzzOutcome> {
  try {
    decodeSyncFrame(damaged(random.pick(frames), random))
    return 'taken'
  } catch (error) {
    if (error instanceof SyncFrameError) return 'refused'
    throw error
  }
}

/** Some of the seeker's frames are damaged, left out, sent twice, or come too early. */
async function ofExchange(
  { frames, own, heads }: FuzzCorpus,
  random: Random,
): Promise<FuzzOutcome> {
  const alice = new Party('alice', [])
  alice.documents.set(TALLY, own)
  const sent = [...frames]
  for (let times = 1 + random.below(3); times > 0 && sent.length > 0; times -= 1) {
    const at = random.below(sent.length)
    const [frame = new Uint8Array(0)] = sent.splice(at, 1)
    const chance = random.next()
    if (chance < 0.6) sent.splice(at, 0, damaged(frame, random))
    else if (chance < 0.75) sent.splice(at, 0, frame, frame)
    else if (chance < 0.9) sent.splice(random.below(sent.length + 1), 0, frame)
  }
  const over = new Error('the stream is over')
  const channel = {
    send: async () => undefined,
    receive: async () => sent.shift() ?? Promise.reject(over),
  }
  try {
    await hostSync({ channel, replicas: alice, addresses: [] })
  } catch (error) {
    if (error !== over && !(error instanceof SyncFrameError)) throw error
  }
  if (alice.documents.get(TALLY) === own) return 'refused'
  mustBeWhole(alice.bytes(TALLY))
  return alice.headsOf(TALLY).join() === heads ? 'refused' : 'taken'
}

async function ofDocument({ turns, own }: FuzzCorpus, random: Random): Promise<FuzzOutcome> {
  const document = new SyncedDocument(own)
  let taken: TakenChanges | undefined
  try {
    for (const { message, signatures } of turns) {
      if (message.length === 0) continue
      const bytes = random.chance(0.7) ? damaged(message, random) : message
      taken = document.receive(bytes, signatures) ?? taken
    }
  } catch (error) {
    if (!(error instanceof TallyRefusedError)) throw error
  } finally {
    document.free()
  }
  if (taken === undefined) return 'refused'
  const whole = openDocument([...own.chunks, taken.chunk])
  mustBeWhole(whole)
  if (documentHeads(whole).join() !== taken.heads.join()) throw new Error('it has other heads')
  return 'taken'
}

/** Whatever was taken is a whole document of this tally, as a load of all of it finds. */
function mustBeWhole(bytes: Uint8Array): void {
  const draft = draftOf(TALLY)
  if (!growsFrom(bytes, TALLY, draft) || !holdsDraft(bytes, draft)) {
    throw new Error('it is no document of this tally')
  }
}

/** Bits and bytes changed, parts left out, doubled, or put in by chance. Checksums in it are not made to fit. */
function damaged(bytes: Uint8Array, random: Random): Uint8Array {
  let now = Buffer.from(bytes)
  for (let times = 1 + random.below(3); times > 0; times -= 1) {
    const at = random.below(now.length + 1)
    const length = random.below(Math.min(16, now.length - at) + 1)
    const [head, part, tail] = [
      now.subarray(0, at),
      now.subarray(at, at + length),
      now.subarray(at),
    ]
    const chance = random.next()
    if (chance < 0.4 && at < now.length) now[at] = (now[at] ?? 0) ^ (1 << random.below(8))
    else if (chance < 0.55) now = Buffer.concat([head, now.subarray(at + length)])
    else if (chance < 0.7) now = Buffer.concat([head, part, tail])
    else if (chance < 0.85) now = Buffer.concat([head, random.bytes(length), tail])
    else now = Buffer.from(head)
  }
  return now
}
