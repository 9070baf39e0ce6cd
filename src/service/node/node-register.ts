import * as z from 'zod/mini'
import { parseAnnounceAddress } from '../../network/address/addresses.ts'
import { peerIdOfKeyBytes, signWithKeyBytes } from '../../network/identity/key-bytes.ts'
import { type NodeCertificate, signNodeCertificate } from '../../protocol/node/node-certificate.ts'
import { appendAudit, type Query } from '../../store/query/query.ts'
import type { RecordStore } from '../../store/query/record-store.ts'
import { metaRecords } from '../../store/records/meta-records.ts'
import { NodeRegisterError } from '../errors.ts'
import { type Operator, operatorRecord } from '../record/operator.ts'

/** Nodes of one party: a link names sixteen addresses. */
const MAX_NODES = 16

/** The name of the register among the store's single facts. */
const REGISTER = 'nodes'

/**
 * How long before it is made a certificate is good, seconds: whoever has a clock that is so much behind takes it all the
 * same.
 */
const BEFORE_SECONDS = 3_600

const registered = z.object({
  name: z.string(),
  /** The node's own. */
  peerId: z.string(),
  serial: z.number(),
  /** Seconds since the epoch: it can speak for the party until then. */
  validUntil: z.number(),
  /** Multiaddrs without peer id, for links. */
  addresses: z.array(z.string()),
})
const register = z.object({
  serial: z.number(),
  nodes: z.array(registered),
  /** Peer ids of nodes that were retired: a renewal that runs by itself does not bring them back. */
  retired: z._default(z.array(z.string()), []),
})

/** A node of this party. */
export type RegisteredNode = z.infer<typeof registered>

/** A node to certify, or to certify anew. */
export interface NodeToAdd {
  readonly name: string
  /** The node's own. */
  readonly peerId: string
  /** How long the certificate is good from now on, ms. */
  readonly lifetimeMs: number
  /** Multiaddrs to name in links. @default as before; none */
  readonly addresses?: readonly string[] | undefined
  /** Certify it though it was retired. @default false */
  readonly again?: boolean | undefined
}

/** A node to certify, when, and by whose command. */
export interface NodeAddition {
  readonly node: NodeToAdd
  /** Milliseconds since the epoch. */
  readonly now: number
  readonly operator: Operator
}

/** Lists the nodes that this party has certified, and has not retired. @throws StoreError */
export async function listNodes(store: RecordStore): Promise<readonly RegisteredNode[]> {
  return (await store.query(readRegister)).nodes
}

/**
 * Certifies a node, and enters it. It is on the disk when this resolves: of a certificate that is good there is a record.
 * @param key the party's private key, as in the key file
 * @param now milliseconds since the epoch
 * @throws NodeCertificateError, ListenAddressError, PeerIdError, NodeRegisterError, StoreError
 */
export async function addNode(
  store: RecordStore,
  key: Uint8Array,
  { node, now, operator }: NodeAddition,
): Promise<NodeCertificate> {
  const { name, peerId } = node
  const named = node.addresses?.map(parseAnnounceAddress)
  return await store.transact(function* () {
    const { serial: last, nodes, retired } = yield* readRegister()
    if (retired.includes(peerId) && !node.again) throw new NodeRegisterError('retired', peerId)
    const others = nodes.filter((each) => each.peerId !== peerId)
    if (others.some((each) => each.name === name)) throw new NodeRegisterError('taken', name)
    if (others.length >= MAX_NODES) throw new NodeRegisterError('full', name)
    const serial = last + 1
    const certificate = certify(key, { ...node, serial, now })
    const { validUntil } = certificate
    const before = nodes.find((each) => each.peerId === peerId)
    const addresses = [...(named ?? before?.addresses ?? [])]
    const entered = [...others, { name, peerId, serial, validUntil, addresses }]
    const stillRetired = retired.filter((each) => each !== peerId)
    yield* writeRegister({ serial, nodes: entered, retired: stillRetired })
    if (retired.includes(peerId)) yield* store.nodes?.setRetired(peerId, false) ?? nothing()
    const facts = { node: peerId, name, serial, validUntil }
    yield* appendAudit(operatorRecord('node add', {}, facts, operator))
    return certificate
  })
}

/**
 * Takes a node out of the register: no more links name it, and it is certified again only on demand. From a store that it shares
 * it is shut out at once; with one of its own it speaks for the party until its certificate lapses.
 * @throws NodeRegisterError, StoreError
 */
export async function retireNode(
  store: RecordStore,
  named: string,
  operator: Operator,
): Promise<RegisteredNode> {
  return await store.transact(function* () {
    const { serial, nodes, retired } = yield* readRegister()
    const found = nodes.find(({ name, peerId }) => name === named || peerId === named)
    if (found === undefined) throw new NodeRegisterError('unknown', named)
    const { peerId: node, name, validUntil } = found
    const left = nodes.filter((each) => each !== found)
    yield* writeRegister({ serial, nodes: left, retired: [...retired, node] })
    yield* store.nodes?.setRetired(node, true) ?? nothing()
    yield* appendAudit(operatorRecord('node retire', {}, { node, name, validUntil }, operator))
    return found
  })
}

function certify(
  key: Uint8Array,
  {
    peerId,
    name,
    serial,
    lifetimeMs,
    now,
  }: NodeToAdd & { readonly serial: number; readonly now: number },
): NodeCertificate {
  const seconds = Math.floor(now / 1_000)
  const content = { party: peerIdOfKeyBytes(key), node: peerId, name, serial }
  const validFrom = seconds - BEFORE_SECONDS
  const validUntil = seconds + Math.ceil(lifetimeMs / 1_000)
  return signNodeCertificate({ ...content, validFrom, validUntil }, signWithKeyBytes(key))
}

/**
 * Lists the peer ids of the nodes that are at work on this store, the party's own among them; undefined where no nodes share it.
 * @throws StoreError
 */
export async function nodesAtWork(store: RecordStore): Promise<readonly string[] | undefined> {
  const { nodes } = store
  return nodes && (await store.query(() => nodes.atWork()))
}

/** @throws NodeRegisterError if the other node, by its name or id, is not at work on this store; StoreError */
export async function requireAtWork(
  store: RecordStore,
  named: string,
  self: string,
): Promise<void> {
  await store.query(() => otherAtWork(store, named, self))
}

/** Has another node look after what this one has left. @throws as `requireAtWork` */
export async function callUponNode(
  store: RecordStore,
  named: string,
  self: string,
  operator: Operator,
): Promise<void> {
  await store.transact(function* () {
    const to = yield* otherAtWork(store, named, self)
    yield* store.nodes?.callUpon(to) ?? nothing()
    yield* appendAudit(operatorRecord('node drain', {}, { node: self, to }, operator))
  })
}

function* otherAtWork({ nodes: shared }: RecordStore, named: string, self: string): Query<string> {
  const { nodes } = yield* readRegister()
  const peerId = nodes.find(({ name }) => name === named)?.peerId ?? named
  const isThere = shared !== undefined && (yield* shared.atWork()).includes(peerId)
  if (!isThere || peerId === self) throw new NodeRegisterError('not_at_work', named)
  return peerId
}

function* nothing(): Query<void> {}

function* readRegister(): Query<z.infer<typeof register>> {
  const text = yield* metaRecords.get(REGISTER)
  return register.parse(text === undefined ? { serial: 0, nodes: [] } : JSON.parse(text))
}

function* writeRegister(nodes: z.infer<typeof register>): Query<void> {
  yield* metaRecords.set(REGISTER, JSON.stringify(nodes))
}
