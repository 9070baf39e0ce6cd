import { setTimeout as sleep } from 'node:timers/promises'
import type { Connection, Stream } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'
import { DEFAULT_NETWORK_LIMITS } from '../src/network/base/limits.ts'
import type { NetworkNode } from '../src/network/node/node.ts'
import type { BareExchange } from './bare-exchange.ts'
import { newBootstrapId } from './light-messages.ts'
import type { Load } from './load.ts'
import { runLoad } from './run-load.ts'
import { createSigningNode } from './signing-node.ts'

/** What a dialling process of the bench plays, and with whom. */
export interface LoadClientInit {
  readonly server: Multiaddr
  readonly protocol: string
  /**
   * One exchange on a fresh stream.
   * @param localPeer this side's peer id
   * @param how `holds`: stop after the first answer; `id`: names the exchange, the same when it is tried again
   */
  play(
    stream: Stream,
    localPeer: string,
    how: { readonly holds: boolean; readonly id: string },
  ): BareExchange
  /** @default a node as the redeemer has */
  readonly createNode?: () => Promise<NetworkNode>
}

const STREAM_OPTIONS = { maxOutboundStreams: DEFAULT_NETWORK_LIMITS.maxStreamsPerConnection }

/** Somebody who is in a crowd tries that often, with pauses up to that long, ms. */
const TRIES_IN_A_CROWD = 8
const PAUSE_IN_A_CROWD_MS = 2_000

/** Nodes that are made or stopped at once. */
const BATCH = 20

/** Runs the loads that the parent process sends, until it hangs up. */
export class LoadClient {
  readonly #init: LoadClientInit
  readonly #createNode: () => Promise<NetworkNode>
  readonly #held: Stream[] = []
  /** Names of the exchanges that were held. */
  readonly #begun: string[] = []
  #shared: NetworkNode | undefined

  constructor(init: LoadClientInit) {
    this.#init = init
    this.#createNode = init.createNode ?? createSigningNode
  }

  /** Call when ready. @param greeting what the parent gets to know first */
  start(greeting: unknown): void {
    process.on('message', (load: Load) => {
      this.#run(load).then(
        (measured) => process.send?.(measured),
        (error: unknown) => {
          console.error(error)
          process.exitCode = 1
          process.disconnect()
        },
      )
    })
    process.on('disconnect', () => setImmediate(() => process.exit()))
    process.send?.(greeting)
  }

  /** One exchange on the shared connection. */
  async once(play: LoadClientInit['play'] = this.#init.play): Promise<void> {
    const node = await this.#sharedNode()
    const { done, closed } = await this.#exchange(node, await node.dial(this.#init.server), play)
    await done
    await closed
  }

  async #run(load: Load) {
    const held = this.#letGo()
    return { ...(await this.#load(load)), held }
  }

  /** How many of the streams that were held are still open. */
  #letGo(): number {
    const open = this.#held.filter(({ status }) => status === 'open')
    for (const stream of open) stream.abort(new Error('held long enough'))
    this.#held.length = 0
    return open.length
  }

  async #load(load: Load) {
    if (load.hold === true) return await runLoad(load, () => this.#holdOne())
    if (load.connection === 'shared') {
      const node = await this.#sharedNode()
      const idOf = () => (load.resume === true ? this.#begun.pop() : undefined)
      return await runLoad(load, () => this.#visit(node, load, idOf()))
    }
    if (load.connection !== 'new') return await this.#runOnPeers(load, load.connection.peers)
    // libp2p joins dials of one node to one peer: connections of their own need nodes of their own.
    const nodes = await inBatches(load.count, this.#createNode)
    const fresh = [...nodes]
    const measured = await runLoad(load, () => this.#onNewConnection(fresh.pop(), load))
    await inBatches(nodes.length, async (index) => await nodes[index]?.stop())
    return measured
  }

  async #runOnPeers(load: Load, peers: number) {
    const nodes = await inBatches(peers, this.#createNode)
    let next = 0
    const measured = await runLoad(load, async () => {
      const node = nodes[next++ % peers]
      if (node === undefined) throw new RangeError('no peers')
      return await this.#visit(node, load)
    })
    await inBatches(peers, async (index) => await nodes[index]?.stop())
    return measured
  }

  async #holdOne() {
    const node = await this.#sharedNode()
    const connection = await node.dial(this.#init.server)
    const stream = await connection.newStream(this.#init.protocol, STREAM_OPTIONS)
    const how = { holds: true, id: newBootstrapId() }
    this.#begun.push(how.id)
    const { done, closed } = this.#init.play(stream, node.peerId.toString(), how)
    closed.catch(() => undefined)
    await done
    this.#held.push(stream)
    return { rest: Promise.resolve() }
  }

  async #onNewConnection(node: NetworkNode | undefined, load: Load) {
    if (node === undefined) throw new RangeError('more exchanges than nodes')
    const { connection, rest, again } = await this.#visit(node, load)
    return { again, rest: rest.then(() => connection.close()) }
  }

  /**
   * One exchange on the node's connection. In a crowd a handshake may take longer than a dial may, and a stream may
   * meet a connection that the other side has given up: then it is tried again, like a person would.
   */
  async #visit(
    node: NetworkNode,
    { mayFail = false, tries: most = TRIES_IN_A_CROWD }: Load,
    id = newBootstrapId(),
  ) {
    for (let tries = 1; ; tries += 1) {
      try {
        const connection = await node.dial(this.#init.server)
        const { done, closed } = await this.#exchange(node, connection, this.#init.play, id)
        await done
        return { connection, rest: closed, again: tries - 1 }
      } catch (error) {
        if (!mayFail || tries === most) throw error
        await sleep(Math.random() * PAUSE_IN_A_CROWD_MS)
      }
    }
  }

  async #exchange(
    node: NetworkNode,
    connection: Connection,
    play: LoadClientInit['play'],
    id = newBootstrapId(),
  ) {
    const stream = await connection.newStream(this.#init.protocol, STREAM_OPTIONS)
    const exchange = play(stream, node.peerId.toString(), { holds: false, id })
    // Whoever waits for `done` hears of a broken stream there.
    exchange.closed.catch(() => undefined)
    return exchange
  }

  async #sharedNode(): Promise<NetworkNode> {
    this.#shared ??= await this.#createNode()
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
