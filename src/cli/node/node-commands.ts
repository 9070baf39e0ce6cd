import { compact } from '../../protocol/base/compact.ts'
import { certificateText, joinParty } from '../../service/node/certified-node.ts'
import {
  addNode,
  callUponNode,
  listNodes,
  nodesAtWork,
  type RegisteredNode,
  requireAtWork,
  retireNode,
} from '../../service/node/node-register.ts'
import { currentOperator } from '../../service/record/operator.ts'
import { type Context, withContext } from '../context.ts'
import type { Locations } from '../locations.ts'
import type { Output } from '../output/output.ts'
import {
  type DrainDocument,
  type DrainListenerOptions,
  drainListener,
  drainText,
} from '../service/drain.ts'
import { parseDuration } from '../text/duration.ts'
import { line, lines, type ScreenText, stacked } from '../text/screen-text.ts'
import { renderTable } from '../text/table.ts'
import { isoTime, type TimeStyle, timeText } from '../text/time-text.ts'

/** The bounds of how long a certificate is good, ms: no shorter than a renewal takes, and as long as anybody takes one. */
const LIFETIME = { min: 3_600_000, max: 1_209_600_000, of: '--valid' }

/** A node's key. */
export interface NodeKeyDocument {
  /** The node's own. */
  readonly node: string
}

/** A certificate that was made. */
export interface NodeAddedDocument {
  /** Peer id of the node. */
  readonly node: string
  readonly name: string
  readonly serial: number
  readonly validUntil: string
  readonly certificate: string
}

/** A directory that is a node's now. */
export interface NodeJoinedDocument {
  readonly party: string
  readonly node: string
  readonly name: string
  readonly validUntil: string
}

/** A node that was certified. */
export interface NodeDocument extends Pick<RegisteredNode, 'name' | 'serial' | 'addresses'> {
  readonly node: string
  readonly validUntil: string
  readonly lapsed: boolean
  /** It is at work on the store that this one has, too. Left out where nodes share none. */
  readonly atWork?: boolean
}

/** The end of a listener whose work another node goes on with. */
export interface NodeDrainedDocument extends DrainDocument {
  readonly to: string
}

/** A node to certify, as on the command line. */
export interface AddNodeOptions {
  readonly peerId: string
  readonly name: string
  readonly valid: string
  readonly addresses?: readonly string[] | undefined
  /** It may have been retired. @default false */
  readonly again?: boolean
  readonly reason?: string | undefined
}

/** Shows the key of this directory, and makes it if there is none. @throws KeyFileError, DataDirectoryError */
export async function nodeKey(locations: Locations): Promise<NodeKeyDocument> {
  const work = async (context: Context) => ({ node: await context.keyId() })
  return await withContext(locations, work, () => undefined)
}

/** Certifies a node. @throws UsageError, NodeCertificateError, NodeRegisterError, PeerIdError, StoreError */
export async function certifyNode(
  locations: Locations,
  options: AddNodeOptions,
): Promise<NodeAddedDocument> {
  const { peerId, name, valid, addresses, again, reason } = options
  const node = { peerId, name, lifetimeMs: parseDuration(valid, LIFETIME), addresses, again }
  return await withContext(locations, async (context) => {
    const key = await context.partyKey()
    const [store, clock] = [await context.store(), await context.clock()]
    const given = { node, now: clock.now(), operator: currentOperator(reason) }
    const made = await addNode(store, key, given)
    const validUntil = isoTime(made.validUntil * 1_000)
    const { serial } = made
    return { node: peerId, name, serial, validUntil, certificate: certificateText(made) }
  })
}

/** Makes this directory a node's, or renews its certificate. @throws as `joinParty` */
export async function joinAsNode(locations: Locations, text: string): Promise<NodeJoinedDocument> {
  return await withContext(locations, async (context) => {
    const peerId = await context.keyId()
    const joined = await joinParty(context.directory, text, { peerId, now: Date.now() })
    const { party, node, name, validUntil } = joined
    return { party, node, name, validUntil: isoTime(validUntil * 1_000) }
  })
}

/** @throws StoreError */
export async function nodesOf(locations: Locations): Promise<readonly NodeDocument[]> {
  return await withContext(locations, async (context) => {
    const [now, store] = [(await context.clock()).now(), await context.store()]
    const atWork = await nodesAtWork(store)
    return (await listNodes(store)).map((node) => ({
      ...documentOf(node, now),
      ...compact({ atWork: atWork?.includes(node.peerId) }),
    }))
  })
}

/** @throws NodeRegisterError, StoreError */
export async function retire(
  locations: Locations,
  named: string,
  reason: string | undefined,
): Promise<NodeDocument> {
  return await withContext(locations, async (context) => {
    await context.partyKey()
    const now = (await context.clock()).now()
    return documentOf(await retireNode(await context.store(), named, currentOperator(reason)), now)
  })
}

/**
 * Stops this node's listener in good order, and has another node look after what is parked or owed at once.
 * @throws NodeRegisterError if that one is not at work: then nothing was stopped; StoreError, and as `drainListener`
 */
export async function drainTo(
  locations: Locations,
  { to, ...options }: DrainListenerOptions & { readonly to: string },
  output: Output,
): Promise<NodeDrainedDocument> {
  const about = async (context: Context) =>
    [await context.store(), to, await context.keyId()] as const
  await withContext(locations, async (context) => requireAtWork(...(await about(context))))
  const drained = await drainListener(locations, options, output)
  const operator = currentOperator(options.reason)
  await withContext(locations, async (context) => callUponNode(...(await about(context)), operator))
  return { ...drained, to }
}

export function drainedToText(document: NodeDrainedDocument): ScreenText {
  const handed = line(`${document.to} goes on with what is parked here, or owed.`)
  return stacked([drainText(document), handed])
}

function documentOf(node: RegisteredNode, now: number): NodeDocument {
  const { name, serial, addresses, peerId, validUntil } = node
  const until = isoTime(validUntil * 1_000)
  const lapsed = now >= validUntil * 1_000
  return { name, serial, addresses, node: peerId, validUntil: until, lapsed }
}

export function joinedText({ party, name, validUntil }: NodeJoinedDocument): ScreenText {
  return lines([
    `This is the node ${name} of ${party}, until ${validUntil}.`,
    'It speaks for that party with `taleus listen`. Join again with a newer certificate before then; a listener takes it as it runs.',
  ])
}

export function retiredText({ name, validUntil, lapsed }: NodeDocument): ScreenText {
  if (lapsed) return line(`${name} is retired, and its certificate has lapsed.`)
  return line(`${name} is retired: its certificate is not renewed, and lapses ${validUntil}.`)
}

export function nodesText(
  nodes: readonly NodeDocument[],
  width: number,
  style: TimeStyle,
): ScreenText {
  if (nodes.length === 0) return line('No node but this one.')
  const isShared = nodes.some(({ atWork }) => atWork !== undefined)
  const columns = [
    { title: 'name' },
    { title: 'node', shrinkTo: 12 },
    { title: 'certified until' },
    ...(isShared ? [{ title: 'state' }] : []),
    { title: 'addresses', shrinkTo: 12 },
  ]
  const rows = nodes.map(({ name, node, validUntil, lapsed, atWork, addresses }) => {
    const until = timeText(Date.parse(validUntil), style)
    const shown = [name, node, lapsed ? `${until}: lapsed` : until]
    return [...shown, ...(isShared ? [atWork ? 'at work' : 'away'] : []), addresses.join(' ')]
  })
  return renderTable(columns, rows, { width })
}
