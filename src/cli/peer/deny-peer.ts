import {
  allowPeer,
  denyPeer,
  listDeniedPeers,
  MAX_DENIED_PEERS,
} from '../../service/peers/deny-peer.ts'
import { currentOperator } from '../../service/record/operator.ts'
import { withContext } from '../context.ts'
import { UsageError } from '../errors/errors.ts'
import type { Locations } from '../locations.ts'
import { line, type ScreenText } from '../text/screen-text.ts'
import { renderTable } from '../text/table.ts'
import { isoTime, type TimeStyle, timeText } from '../text/time-text.ts'
import { peerMeant } from './peer-meant.ts'

/** A peer that is denied now, or no more. */
export interface PeerDocument {
  readonly peerId: string
  readonly denied: boolean
  /** False: it was so before. */
  readonly changed: boolean
}

/** The peers that are denied, the latest first. */
export interface DeniedPeersDocument {
  readonly peers: readonly {
    readonly peerId: string
    readonly deniedAt: string
    readonly reason: string | null
  }[]
}

export interface DenyOptions {
  /** The peer's id, or enough of it. */
  readonly typed: string
  /** False: it is let in again. */
  readonly isDenied: boolean
  readonly reason?: string | undefined
}

/** Turns a peer away from now on, or lets it in again. @throws UsageError; CommandFailure `ambiguous_id`; StoreError */
export async function setDenied(
  locations: Locations,
  { typed, isDenied, reason }: DenyOptions,
): Promise<PeerDocument> {
  return await withContext(locations, async (context) => {
    const store = await context.store()
    const peerId = await peerMeant(context, typed)
    const operator = currentOperator(reason)
    if (!isDenied)
      return { peerId, denied: false, changed: await allowPeer(store, peerId, operator) }
    if (peerId === (await context.peerId())) throw new UsageError('that is this party itself')
    const outcome = await denyPeer(store, peerId, operator)
    if (outcome === 'full') throw new UsageError(`at most ${MAX_DENIED_PEERS} peers can be denied`)
    return { peerId, denied: true, changed: outcome === 'denied' }
  })
}

/** @throws StoreError */
export async function listDenied(locations: Locations): Promise<DeniedPeersDocument> {
  return await withContext(locations, async (context) => {
    const denied = await listDeniedPeers(await context.store())
    const peers = denied.map(({ peerId, deniedAt, reason }) => {
      return { peerId, deniedAt: isoTime(deniedAt), reason: reason ?? null }
    })
    return { peers }
  })
}

export function deniedText({ peerId, denied, changed }: PeerDocument): ScreenText {
  if (denied && !changed) return line(`${peerId} was denied before.`)
  if (denied) return line(`${peerId} is turned away from now on. Tallies with it stay.`)
  return line(changed ? `${peerId} may come again.` : `${peerId} was not denied.`)
}

export function deniedPeersText(
  { peers }: DeniedPeersDocument,
  width: number,
  style: TimeStyle,
): ScreenText {
  if (peers.length === 0) return line('No peer is denied.')
  const columns = [{ title: 'peer' }, { title: 'denied' }, { title: 'reason', shrinkTo: 8 }]
  const rows = peers.map(({ peerId, deniedAt, reason }) => {
    return [peerId, timeText(Date.parse(deniedAt), style), reason ?? '']
  })
  return renderTable(columns, rows, { width })
}
