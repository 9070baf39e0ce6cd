import { SyncFrameError } from '../../protocol/errors.ts'
import { documentDigest } from '../../protocol/sync/document-digest.ts'
import { SIGNATURES_A_FRAME } from '../../protocol/sync/signatures-frame.ts'
import {
  encodeSyncFrame,
  type KnownHeads,
  PART_BYTES,
  type TallyHeads,
} from '../../protocol/sync/sync-frames.ts'
import {
  MAX_DIFFERENT_TALLIES,
  MAX_SYNC_TURNS,
  MAX_TALLIES_A_FRAME,
} from '../../protocol/sync/sync-limits.ts'
import { TallyRefusedError } from '../errors.ts'
import type { SyncChannel, SyncedReplica, SyncReplicas, SyncTurn } from './sync-ports.ts'
import { receiveDiffer, receiveDigests, receiveHeads, receiveTurn } from './sync-reader.ts'

/** One exchange of a pair's tallies over one stream. */
export interface SyncExchange {
  readonly channel: SyncChannel
  readonly replicas: SyncReplicas
  /** Multiaddrs by which this side is reached. */
  readonly addresses: readonly string[]
}

/** The seeker names the tallies and speaks first; the host answers about these and no others. */
type Role = 'seeker' | 'host'

/**
 * Syncs tallies with the partner that this side has dialled. Digests first: equal documents are not even named.
 * Nothing of it outlives the stream: whatever is cut short begins anew, and what was taken stays.
 * @param tallyIds at most `MAX_SYNC_TALLIES`
 * @returns tallies that are left for the next exchange, since too many differ for one
 * @throws SyncFrameError; what the channel throws if the stream ends
 */
export async function seekSync(
  exchange: SyncExchange,
  tallyIds: readonly string[],
): Promise<readonly string[]> {
  try {
    return await seek(exchange, tallyIds)
  } finally {
    await exchange.replicas.close()
  }
}

/** Answers a partner that has dialled this side. @throws as `seekSync` does */
export async function hostSync(exchange: SyncExchange): Promise<void> {
  try {
    await host(exchange)
  } finally {
    await exchange.replicas.close()
  }
}

async function seek(
  exchange: SyncExchange,
  tallyIds: readonly string[],
): Promise<readonly string[]> {
  const { channel, replicas, addresses } = exchange
  const own = (await replicas.heads(tallyIds)).filter(isKnown)
  const digests = own.map(({ tallyId, heads }) => documentDigest(tallyId, heads))
  await channel.send(encodeSyncFrame({ type: 'digests', digests, addresses }))
  const differ = await receiveDiffer(channel, own.length)
  await replicas.reachedAt(differ.addresses)
  const places = new Set(differ.at)
  await replicas.equal(own.filter((_, place) => !places.has(place)))
  const unequal = own.filter((_, place) => places.has(place)).map(({ tallyId }) => tallyId)
  const named = unequal.slice(0, MAX_DIFFERENT_TALLIES)
  if (named.length === 0) return []
  const different = await tellHeads(exchange, named)
  await syncEach(exchange, different, 'seeker')
  if (different.length > 0) await tellHeads(exchange, different)
  return unequal.slice(MAX_DIFFERENT_TALLIES)
}

async function host(exchange: SyncExchange): Promise<void> {
  const { channel, replicas, addresses } = exchange
  const asked = await receiveDigests(channel)
  await replicas.reachedAt(asked.addresses)
  const all = await replicas.all()
  const own = new Map(all.map((known) => [documentDigest(known.tallyId, known.heads), known]))
  await replicas.equal(asked.digests.flatMap((digest) => own.get(digest) ?? []))
  const at = asked.digests.flatMap((digest, place) => (own.has(digest) ? [] : [place]))
  await channel.send(encodeSyncFrame({ type: 'differ', at, addresses }))
  if (at.length === 0) return
  const different = await answerHeads(exchange)
  await syncEach(exchange, different, 'host')
  if (different.length > 0) await answerHeads(exchange)
}

/** @returns the tallies whose documents differ */
async function tellHeads(exchange: SyncExchange, ids: readonly string[]) {
  await sendHeads(exchange.channel, await exchange.replicas.heads(ids))
  const theirs = await receiveHeads(exchange.channel)
  return await judge(exchange, await exchange.replicas.heads(ids), theirs)
}

/** @returns the tallies whose documents differ */
async function answerHeads(exchange: SyncExchange) {
  const theirs = await receiveHeads(exchange.channel)
  const ids = theirs.map(({ tallyId }) => tallyId)
  if (new Set(ids).size < ids.length) throw new SyncFrameError('a tally is named twice')
  const own = await exchange.replicas.heads(ids)
  await sendHeads(exchange.channel, own)
  return await judge(exchange, own, theirs)
}

async function sendHeads(channel: SyncChannel, tallies: readonly TallyHeads[]): Promise<void> {
  for (let from = 0; from === 0 || from < tallies.length; from += MAX_TALLIES_A_FRAME) {
    const some = tallies.slice(from, from + MAX_TALLIES_A_FRAME)
    const more = from + MAX_TALLIES_A_FRAME < tallies.length
    await channel.send(encodeSyncFrame({ type: 'heads', tallies: some, more }))
  }
}

/**
 * Notes the partner's heads of each tally of both.
 * @param own those of this side, about the very tallies that the partner's are about
 * @returns the tallies whose documents differ
 */
async function judge(
  { replicas }: SyncExchange,
  own: readonly TallyHeads[],
  theirs: readonly TallyHeads[],
): Promise<readonly string[]> {
  if (theirs.length !== own.length) throw new SyncFrameError('it is about other tallies')
  const equal: KnownHeads[] = []
  const different: KnownHeads[] = []
  for (const [at, ours] of own.entries()) {
    const told = theirs[at]
    if (told?.tallyId !== ours.tallyId) throw new SyncFrameError('it is about another tally')
    if (!isKnown(ours) || !isKnown(told)) continue
    if (isSame(ours.heads, told.heads)) equal.push(ours)
    else different.push(told)
  }
  await replicas.equal(equal)
  await replicas.different(different)
  return different.map(({ tallyId }) => tallyId)
}

function isKnown(told: TallyHeads): told is KnownHeads {
  return told.heads !== null
}

function isSame(some: readonly string[], others: readonly string[]): boolean {
  return some.toSorted().join() === others.toSorted().join()
}

async function syncEach(exchange: SyncExchange, ids: readonly string[], role: Role): Promise<void> {
  for (const tallyId of ids) await syncOne(exchange, tallyId, role)
}

/** Speaks in turns until neither side has anything to say, or one will not go on with this tally. */
async function syncOne(exchange: SyncExchange, tallyId: string, role: Role): Promise<void> {
  const turns = new Turns(exchange, tallyId)
  try {
    let quiet = 0
    for (let turn = 0; turn < 2 * MAX_SYNC_TURNS && quiet < 2; turn += 1) {
      const isOwn = (turn % 2 === 0) === (role === 'seeker')
      const said = await (isOwn ? turns.speak() : turns.hear())
      if (said === 'stopped') return
      quiet = said === 'something' ? 0 : quiet + 1
    }
  } finally {
    await turns.end()
  }
}

type Said = 'something' | 'nothing' | 'stopped'

/** Both sides' turns about one tally. A tally that this side refuses is told so in its next turn. */
class Turns {
  readonly #exchange: SyncExchange
  readonly #tallyId: string
  #replica: SyncedReplica | undefined
  #isRefused = false

  constructor(exchange: SyncExchange, tallyId: string) {
    this.#exchange = exchange
    this.#tallyId = tallyId
  }

  async speak(): Promise<Said> {
    const { channel } = this.#exchange
    const turn = await this.#unlessRefused((replica) => replica.generate())
    if (this.#isRefused) {
      await channel.send(encodeSyncFrame({ type: 'stop', tallyId: this.#tallyId }))
      return 'stopped'
    }
    if (turn !== undefined) await sendSignatures(channel, turn)
    await sendMessage(channel, turn?.message ?? new Uint8Array(0))
    return turn === undefined ? 'nothing' : 'something'
  }

  async hear(): Promise<Said> {
    const turn = await receiveTurn(this.#exchange.channel, this.#tallyId)
    if (turn === undefined) return 'stopped'
    const { message, signatures, wantsAll } = turn
    if (message.length === 0 && signatures.length === 0 && !wantsAll) return 'nothing'
    await this.#unlessRefused((replica) => replica.receive(turn))
    return 'something'
  }

  async end(): Promise<void> {
    await this.#replica?.close()
  }

  async #unlessRefused<Answer>(
    work: (replica: SyncedReplica) => Promise<Answer>,
  ): Promise<Answer | undefined> {
    if (this.#isRefused) return undefined
    try {
      this.#replica ??= await this.#exchange.replicas.open(this.#tallyId)
      return await work(this.#replica)
    } catch (error) {
      if (!(error instanceof TallyRefusedError)) throw error
      this.#isRefused = true
      return undefined
    }
  }
}

async function sendSignatures(channel: SyncChannel, { signatures, wantsAll }: SyncTurn) {
  const isDue = (from: number) => from < signatures.length || (from === 0 && wantsAll)
  for (let from = 0; isDue(from); from += SIGNATURES_A_FRAME) {
    const some = signatures.slice(from, from + SIGNATURES_A_FRAME)
    const frame = { type: 'signatures', signatures: some, wantsAll } as const
    await channel.send(encodeSyncFrame(frame))
  }
}

async function sendMessage(channel: SyncChannel, message: Uint8Array): Promise<void> {
  for (let from = 0; from === 0 || from < message.length; from += PART_BYTES) {
    const bytes = message.subarray(from, from + PART_BYTES)
    const isLast = from + PART_BYTES >= message.length
    await channel.send(encodeSyncFrame({ type: 'part', bytes, isLast }))
  }
}
