import type { NetworkLimits } from '../../../src/network/base/limits.ts'
import { createDialer } from '../../../src/network/dial/dial.ts'
import {
  generatePrivateKeyBytes,
  privateKeyFromBytes,
} from '../../../src/network/identity/identity-key.ts'
import type { NetworkNode } from '../../../src/network/node/node.ts'
import { createDialNode, createNode, nodeAddresses } from '../../../src/network/node/node.ts'
import { serveBootstrap } from '../../../src/network/node/serve.ts'
import { stopNode } from '../../../src/network/node/stop-node.ts'
import type { FrameProblem } from '../../../src/protocol/errors.ts'
import type { Dialer } from '../../../src/session/ports/dialer.ts'
import type { Transport, TransportListener } from '../../../src/session/ports/transport.ts'

export const TCP = '/ip4/127.0.0.1/tcp/0'
const WS = '/ip4/127.0.0.1/tcp/0/ws'

const nodes: NetworkNode[] = []

/** Stops every node that a test made. */
export async function stopAll(): Promise<void> {
  await Promise.all(nodes.splice(0).map(async (node) => await stopNode(node)))
}

export async function listener(
  accept: (transport: Transport) => void,
  limits: Partial<NetworkLimits> = {},
  listen: readonly string[] = [TCP, WS],
): Promise<{ node: NetworkNode; peer: string; tcp: string; ws: string }> {
  const privateKey = privateKeyFromBytes(generatePrivateKeyBytes())
  const node = await createNode({ privateKey, listen, limits })
  nodes.push(node)
  await serveBootstrap(node, accept, limits)
  const addresses = nodeAddresses(node)
  const ws = addresses.find((address) => address.endsWith('/ws')) ?? ''
  const tcp = addresses.find((address) => !address.endsWith('/ws')) ?? ''
  return { node, peer: node.peerId.toString(), tcp, ws }
}

export async function dialingNode(limits: Partial<NetworkLimits> = {}): Promise<NetworkNode> {
  const privateKey = privateKeyFromBytes(generatePrivateKeyBytes())
  const node = await createDialNode({ privateKey, limits })
  nodes.push(node)
  return node
}

export async function dialer(limits: Partial<NetworkLimits> = {}): Promise<Dialer> {
  return createDialer(await dialingNode(limits), limits)
}

/** Says back each frame, and closes when the other side has ended. */
export function echo(transport: Transport): void {
  transport.listen({
    frame: (payload) => void transport.send(payload).catch(() => undefined),
    problem: () => transport.reset(),
    ended: () => void transport.close(),
    closed: () => undefined,
  })
}

export type Heard =
  | { readonly frame: string }
  | { readonly problem: FrameProblem }
  | 'ended'
  | { readonly closed: boolean }

/** Listens to a transport and writes down what it tells, in order. */
export class Ear implements TransportListener {
  readonly heard: Heard[] = []
  readonly frames: Uint8Array[] = []
  #waiting: { readonly until: () => boolean; readonly resolve: () => void }[] = []

  constructor(transport?: Transport) {
    transport?.listen(this)
  }

  frame(payload: Uint8Array): void {
    this.frames.push(payload)
    this.#hear({ frame: payload.length > 64 ? `${payload.length} bytes` : text(payload) })
  }

  problem(problem: FrameProblem): void {
    this.#hear({ problem })
  }

  ended(): void {
    this.#hear('ended')
  }

  closed(clean: boolean): void {
    this.#hear({ closed: clean })
  }

  async until(condition: () => boolean): Promise<void> {
    if (condition()) return
    await new Promise<void>((resolve) => this.#waiting.push({ until: condition, resolve }))
  }

  async untilFrames(count: number): Promise<void> {
    await this.until(() => this.frames.length >= count)
  }

  async untilClosed(): Promise<void> {
    await this.until(() => this.heard.some((one) => typeof one === 'object' && 'closed' in one))
  }

  #hear(what: Heard): void {
    this.heard.push(what)
    for (const one of this.#waiting) if (one.until()) one.resolve()
    this.#waiting = this.#waiting.filter((one) => !one.until())
  }
}

export function bytes(words: string): Uint8Array {
  return new TextEncoder().encode(words)
}

export function text(payload: Uint8Array): string {
  return new TextDecoder().decode(payload)
}

/** A signal for dials that are expected to end by themselves. */
export function patience(): AbortSignal {
  return AbortSignal.timeout(20_000)
}
