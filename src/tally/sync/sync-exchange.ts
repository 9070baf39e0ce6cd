import { SyncFrameError } from '../../protocol/errors.ts'
import { encodeSyncFrame, PART_BYTES, type TallyHeads } from '../../protocol/sync/sync-frames.ts'
import { MAX_SYNC_TURNS, MAX_TALLIES_A_FRAME } from '../../protocol/sync/sync-limits.ts'
import { TallyRefusedError } from '../errors.ts'
import type { SyncChannel, SyncedReplica, SyncReplicas } from './sync-ports.ts'
import { receiveHeads, receiveMessage } from './sync-reader.ts'

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
 * Syncs tallies with the partner that this side has dialled. Heads first: equal documents are not even opened.
 * Nothing of it outlives the stream: whatever is cut short begins anew from the heads, and what was taken stays.
 * @throws SyncFrameError; what the channel throws if the stream ends
 */
export async function seekSync(exchange: SyncExchange, tallyIds: readonly string[]): Promise<void> {
  await sendHeads(exchange, tallyIds)
  const different = await differentOf(exchange, tallyIds)
  await syncEach(exchange, different, 'seeker')
  if (different.length === 0) return
  await sendHeads(exchange, different)
  await differentOf(exchange, different)
}

/** Answers a partner that has dialled this side. @throws as `seekSync` does */
export async function hostSync(exchange: SyncExchange): Promise<void> {
  const asked = await receiveHeads(exchange.channel)
  await exchange.replicas.reachedAt(asked.addresses)
  const ids = asked.tallies.map(({ tallyId }) => tallyId)
  if (new Set(ids).size < ids.length) throw new SyncFrameError('a tally is named twice')
  const own = await ownHeads(exchange, ids)
  await sendTallies(exchange, own)
  const different = await judge(exchange, own, asked.tallies)
  await syncEach(exchange, different, 'host')
  if (different.length === 0) return
  const now = await receiveHeads(exchange.channel)
  const after = await ownHeads(exchange, different)
  await sendTallies(exchange, after)
  await judge(exchange, after, now.tallies)
}

async function ownHeads({ replicas }: SyncExchange, ids: readonly string[]) {
  const own: TallyHeads[] = []
  for (const tallyId of ids) own.push({ tallyId, heads: await replicas.heads(tallyId) })
  return own
}

async function sendHeads(exchange: SyncExchange, ids: readonly string[]): Promise<void> {
  await sendTallies(exchange, await ownHeads(exchange, ids))
}

async function sendTallies(
  { channel, addresses }: SyncExchange,
  tallies: readonly TallyHeads[],
): Promise<void> {
  for (let from = 0; from === 0 || from < tallies.length; from += MAX_TALLIES_A_FRAME) {
    const some = tallies.slice(from, from + MAX_TALLIES_A_FRAME)
    const more = from + MAX_TALLIES_A_FRAME < tallies.length
    const told = from === 0 ? addresses : []
    await channel.send(encodeSyncFrame({ type: 'heads', tallies: some, more, addresses: told }))
  }
}

/** Reads the host's heads of the tallies that it was asked for. */
async function differentOf(exchange: SyncExchange, asked: readonly string[]) {
  const { tallies, addresses } = await receiveHeads(exchange.channel)
  await exchange.replicas.reachedAt(addresses)
  return await judge(exchange, await ownHeads(exchange, asked), tallies)
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
  const different: string[] = []
  for (const [at, { tallyId, heads }] of own.entries()) {
    const told = theirs[at]
    if (told?.tallyId !== tallyId) throw new SyncFrameError('it is about another tally')
    if (heads === null || told.heads === null) continue
    await replicas.told(tallyId, told.heads)
    if (!isSame(heads, told.heads)) different.push(tallyId)
  }
  if (theirs.length > own.length) throw new SyncFrameError('it is about more tallies')
  return different
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
    const message = await this.#unlessRefused((replica) => replica.generate())
    if (this.#isRefused) {
      await channel.send(encodeSyncFrame({ type: 'stop', tallyId: this.#tallyId }))
      return 'stopped'
    }
    await sendMessage(channel, message ?? new Uint8Array(0))
    return message === undefined ? 'nothing' : 'something'
  }

  async hear(): Promise<Said> {
    const message = await receiveMessage(this.#exchange.channel, this.#tallyId)
    if (message === undefined) return 'stopped'
    if (message.length === 0) return 'nothing'
    await this.#unlessRefused((replica) => replica.receive(message))
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

async function sendMessage(channel: SyncChannel, message: Uint8Array): Promise<void> {
  for (let from = 0; from === 0 || from < message.length; from += PART_BYTES) {
    const bytes = message.subarray(from, from + PART_BYTES)
    const isLast = from + PART_BYTES >= message.length
    await channel.send(encodeSyncFrame({ type: 'part', bytes, isLast }))
  }
}
