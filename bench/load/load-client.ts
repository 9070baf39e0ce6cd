import { setTimeout as sleep } from 'node:timers/promises'
import type { Stream } from '@libp2p/interface'
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr'
import { DEFAULT_NETWORK_LIMITS } from '../../src/network/base/limits.ts'
import type { NetworkNode } from '../../src/network/node/node.ts'
import { serve } from '../process/child.ts'
import type { Exchange } from './exchange.ts'
import type { Load } from './load.ts'
import { runLoad } from './run-load.ts'
import { runVisits, type Visits } from './run-visits.ts'

/** How to play an exchange. */
export interface PlayOptions {
  /** Stops after the first answer. */
  readonly holds: boolean
  /** Names the exchange: the same when it is tried again. */
  readonly id: string
}

/** The exchange that a dialling process of the bench plays, and its other side. */
export interface LoadClientInit {
  /** A multiaddr with peer id. */
  readonly server: string
  readonly protocol: string
  /** Plays one exchange on a fresh stream. */
  play(stream: Stream, localPeer: string, options: PlayOptions): Exchange
  newId(): string
  createNode(): Promise<NetworkNode>
}

const STREAM_OPTIONS = {
  maxOutboundStreams: DEFAULT_NETWORK_LIMITS.maxStreamsPerConnection,
  runOnLimitedConnection: true,
}

/** In a crowd, an exchange is tried that often, with pauses up to that long, ms. */
const TRIES_IN_A_CROWD = 8
const PAUSE_IN_A_CROWD_MS = 2_000

/** Nodes that are made or stopped at once. */
const BATCH = 20

/** Peers, each with a connection, that the clients of visits share. */
const VISITING_PEERS = 20

/** Runs the loads and visits that the parent process asks for, one after the other. */
export class LoadClient {
  readonly #init: LoadClientInit
  readonly #server: Multiaddr
  /** Streams that were held, and the names of their exchanges. */
  readonly #held: Stream[] = []
  readonly #begun: string[] = []
  #shared: NetworkNode | undefined

  constructor(init: LoadClientInit) {
    this.#init = init
    this.#server = multiaddr(init.server)
  }

  /** Serves the parent process. @param greeting the first message it gets */
  start(greeting: unknown): void {
    serve(greeting, async (wanted: Load | Visits) => {
      if ('clients' in wanted) return await this.#visits(wanted)
      const held = this.#letGo()
      return { ...(await this.#load(wanted)), held }
    })
  }

  /** Plays one exchange on the shared connection, to its end. */
  async once(): Promise<void> {
    await (await this.#visit(await this.#sharedNode())).rest
  }

  /** Ends the streams that were held. @returns how many of them were still open */
  #letGo(): number {
    const open = this.#held.filter(({ status }) => status === 'open')
    for (const stream of open) stream.abort(new Error('held long enough'))
    this.#held.length = 0
    return open.length
  }

  async #load(load: Load) {
    const { connection, count } = load
    if (connection === 'shared') {
      const node = await this.#sharedNode()
      return await runLoad(load, () => this.#visit(node, load))
    }
    // libp2p joins dials of one node to one peer: connections of their own need nodes of their own.
    const peers = connection === 'new' ? count : connection.peers
    return await this.#withNodes(peers, (next) => runLoad(load, () => this.#visit(next(), load)))
  }

  async #visits(visits: Visits) {
    return await this.#withNodes(VISITING_PEERS, async (next) => {
      const guests = Array.from({ length: visits.clients }, next)
      await inBatches(VISITING_PEERS, async (index) => await guests[index]?.dial(this.#server))
      return await runVisits(visits, async (client) => await this.#visit(guests[client] ?? next()))
    })
  }

  /** Makes nodes, and stops them when the work is done. @param work gets a function that gives each of them in turn */
  async #withNodes<Result>(
    count: number,
    work: (next: () => NetworkNode) => Promise<Result>,
  ): Promise<Result> {
    const nodes = await inBatches(count, () => this.#init.createNode())
    let given = 0
    const result = await work(() => {
      const node = nodes[given++ % count]
      if (node === undefined) throw new RangeError('no peers')
      return node
    })
    await inBatches(count, async (index) => await nodes[index]?.stop())
    return result
  }

  /**
   * One exchange on the node's connection. In a crowd a handshake may take longer than a dial may, and a stream may
   * meet a connection that the other side has given up: then it is tried again, as a person would.
   */
  async #visit(node: NetworkNode, load: Partial<Load> = {}) {
    const { mayFail = false, tries = TRIES_IN_A_CROWD, hold = false, resume = false } = load
    const id = (resume ? this.#begun.pop() : undefined) ?? this.#init.newId()
    for (let again = 0; ; again += 1) {
      try {
        const connection = await node.dial(this.#server)
        const stream = await connection.newStream(this.#init.protocol, STREAM_OPTIONS)
        const options = { holds: hold, id }
        const { done, closed } = this.#init.play(stream, node.peerId.toString(), options)
        await done
        if (load.connection === 'new') return { rest: closed.then(() => connection.close()), again }
        if (!hold) return { rest: closed, again }
        this.#held.push(stream)
        this.#begun.push(id)
        return { rest: Promise.resolve(), again }
      } catch (error) {
        if (!mayFail || again + 1 === tries) throw error
        await sleep(Math.random() * PAUSE_IN_A_CROWD_MS)
      }
    }
  }

  async #sharedNode(): Promise<NetworkNode> {
    this.#shared ??= await this.#init.createNode()
    return this.#shared
  }
}

async function inBatches<Result>(
  count: number,
  work: (index: number) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = []
  for (let from = 0; from < count; from += BATCH) {
    const length = Math.min(BATCH, count - from)
    results.push(...(await Promise.all(Array.from({ length }, (_, index) => work(from + index)))))
  }
  return results
}
