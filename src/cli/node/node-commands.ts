import { certificateText, joinParty } from '../../service/node/certified-node.ts'
import {
  addNode,
  listNodes,
  type RegisteredNode,
  retireNode,
} from '../../service/node/node-register.ts'
import { currentOperator } from '../../service/record/operator.ts'
import { type Context, withContext } from '../context.ts'
import type { Locations } from '../locations.ts'
import { parseDuration } from '../text/duration.ts'
import { line, lines, type ScreenText } from '../text/screen-text.ts'
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
    const now = (await context.clock()).now()
    return (await listNodes(await context.store())).map((node) => documentOf(node, now))
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
  const columns = [
    { title: 'name' },
    { title: 'node', shrinkTo: 12 },
    { title: 'certified until' },
    { title: 'addresses', shrinkTo: 12 },
  ]
  const rows = nodes.map(({ name, node, validUntil, lapsed, addresses }) => {
    const until = timeText(Date.parse(validUntil), style)
    return [name, node, lapsed ? `${until}: lapsed` : until, addresses.join(' ')]
  })
  return renderTable(columns, rows, { width })
}
