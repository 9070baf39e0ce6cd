import { signWithKeyBytes } from '../../network/identity/key-bytes.ts'
import type { NetworkNode } from '../../network/node/node.ts'
import { serveBootstrap, serveNodeProof } from '../../network/node/serve.ts'
import { compact } from '../../protocol/base/compact.ts'
import { SessionCore } from '../../session/manager/session-core.ts'
import type { Clock } from '../../session/ports/clock.ts'
import type { Transport } from '../../session/ports/transport.ts'
import { auditRecords } from '../../store/audit/audit-records.ts'
import { isProcessGone } from '../../store/directory/process-name.ts'
import { AnswerLines } from '../answers/answer-lines.ts'
import type { ListenerFeed } from '../feed/listener-feed.ts'
import type { HttpService, HttpServiceInit } from '../http/http-service.ts'
import type { EventCommand } from '../notify/event-command.ts'
import { isDeniedPeer } from '../peers/deny-peer.ts'
import { reapingPausedUntil } from '../reaping/reap-pause.ts'
import { ReapSchedule } from '../reaping/reap-schedule.ts'
import { currentOperator } from '../record/operator.ts'
import { HealthWatch, type HealthWatchInit } from '../status/health-watch.ts'
import { ListenerSync, type ListenerSyncInit } from '../sync/listener-sync.ts'
import type { HearSync } from '../sync/sync-news.ts'
import { TrailKeeper } from '../trail/trail-keeper.ts'
import { StoreWitness } from '../witness/store-witness.ts'
import { ListenerAround } from './listener-around.ts'
import type { ListenerInit } from './listener-init.ts'

/** The peer id of the party: another one than the node's where it is one of several. */
function partyIdOf({ node: own }: Pick<ListenerInit, 'node'>, node: NetworkNode): string {
  return own?.party ?? node.peerId.toString()
}

/** The party's peer id, and the node's own where it is one of several. */
export function idsOf(init: Pick<ListenerInit, 'node'>, node: NetworkNode) {
  const own = node.peerId.toString()
  const end = init.node?.certificate()?.validUntil
  const certifiedUntil = end && end * 1_000
  return { peerId: partyIdOf(init, node), ...compact({ node: init.node && own, certifiedUntil }) }
}

/** The sessions; none is taken yet. @param processId under which it holds what it works on */
export function createManager(
  init: ListenerInit,
  node: NetworkNode,
  { clock, processId }: { readonly clock: Clock; readonly processId: string },
): SessionCore {
  const { directory, hooks, config, store, party, key, lease } = init
  const peerId = partyIdOf(init, node)
  return new SessionCore(hooks, config, {
    store,
    clock,
    processId,
    isGone: (process) => isProcessGone(directory, process, lease !== undefined),
    limits: lease?.limits,
    party: () => ({ ...party(), peerId }),
    isDenied: (peer) => isDeniedPeer(store, peer),
    // Partners know the party's audit by its own key only.
    ...(init.node ? {} : { witness: new StoreWitness(store) }),
    sign: init.node?.signer(key) ?? signWithKeyBytes(key),
  })
}

/** The part that watches over it all; not started. */
export function createHealth(
  init: ListenerInit,
  parts: Pick<HealthWatchInit, 'facts' | 'fitting' | 'manager' | 'node' | 'onProblem'>,
): HealthWatch {
  const { directory, store, listen, disk = () => ({ warnBytes: 0, reserveBytes: 0 }) } = init
  const storeOn = init.lease === undefined ? 'disk' : 'server'
  const certified = init.node
  return new HealthWatch({ directory, store, storeOn, certified, listen, disk, ...parts })
}

/** The part that signs the audit and forgets what is old of it; not started. @param onBroken told the first record that is not as it was */
export function createTrail(
  { store, key, retentionMs = () => 0 }: ListenerInit,
  manager: SessionCore,
  onBroken: (seq: number) => void,
): TrailKeeper {
  return new TrailKeeper({
    store,
    key,
    sessions: manager,
    retentionMs,
    onBroken,
    onFailure: (error) => manager.emit('storeFailed', error),
  })
}

/** The part that reaps, if it is to; not started. */
export function createReaping(
  { store, reap }: ListenerInit,
  manager: SessionCore,
  clock: Clock,
): ReapSchedule | undefined {
  if (reap === undefined) return undefined
  const pausedUntil = (now: number) => store.query(() => reapingPausedUntil(now))
  return new ReapSchedule({ ...reap, manager, clock, pausedUntil })
}

/** Takes bootstraps, also of older peers if it is to, and holds the lines of who waits for an answer. @returns stops taking new ones */
export async function serveBootstraps(
  { store, legacy = false, node: ownNode }: ListenerInit,
  node: NetworkNode,
  { manager, clock }: { readonly manager: SessionCore; readonly clock: Clock },
): Promise<() => Promise<void>> {
  const accept = (transport: Transport): void => manager.accept(transport)
  const undecided = (peers: readonly string[]) => store.lookups.requests.waitingOf(peers)
  const lines = await new AnswerLines({ clock, undecided }).start(node)
  const unserve = await serveBootstrap(node, accept)
  const unprove = ownNode && (await serveNodeProof(node, () => ownNode.certificate()))
  const end = async () => void (await Promise.all([unserve(), lines.stop(), unprove?.()]))
  if (!legacy) return end
  const { serveLegacy } = await import('../../network/legacy/serve-legacy.ts')
  const endLegacy = await serveLegacy(node, accept)
  return async () => {
    await end()
    await endLegacy()
  }
}

/** Starts the sync of tallies, which also seeks the partner of each tally that is made here. @param tellers of its news */
export async function startSync(
  { store, party, key, node: ownNode }: ListenerInit,
  { manager, ...parts }: Pick<ListenerSyncInit, 'node' | 'clock'> & { manager: SessionCore },
  tellers: () => readonly (Pick<ListenerFeed, 'synced'> | undefined)[],
): Promise<ListenerSync> {
  const hear: HearSync = (news) => {
    for (const teller of tellers()) teller?.synced(news)
  }
  const cadre = () => party().cadre
  const sync = await new ListenerSync({
    ...parts,
    store,
    key,
    cadre,
    hear,
    maySeek: ownNode === undefined,
  }).start()
  manager.on('ended', ({ state, tallyId, protocol }) => {
    // Older peers know no sync.
    if (state !== 'COMPLETED' || tallyId === undefined || protocol !== undefined) return
    // A store that can't be read is told of by the manager.
    sync.changed(tallyId).catch(() => undefined)
  })
  return sync
}

/** The part that has to do with the network around; not started. @param look told when addresses have changed */
export function createAround(
  { mdns = false, upnp = false, node: ownNode }: ListenerInit,
  node: NetworkNode,
  feed: ListenerFeed,
  look: () => void,
): ListenerAround {
  return new ListenerAround(node, {
    mdns,
    upnp,
    party: partyIdOf({ node: ownNode }, node),
    node: ownNode,
    problem: (detail) => feed.problem(detail),
    router: (state) => {
      feed.router(state)
      look()
    },
  })
}

/** Starts the command for what happens, if there is one; else its code is not even loaded. */
export async function startEventCommand(
  { onEvent, store }: ListenerInit,
  feed: ListenerFeed,
): Promise<EventCommand | undefined> {
  if (onEvent === undefined) return undefined
  const reader = feed.follow()
  if (reader === undefined) return undefined
  const { EventCommand } = await import('../notify/event-command.ts')
  const lastRecord = await store.query(() => auditRecords.lastSeq())
  const problem = (detail: string): void => feed.problem(detail)
  const command = new EventCommand({ ...onEvent, reader, lastRecord, problem })
  command.start()
  return command
}

/** Starts the pages, if there are to be any; else their code is not even loaded. */
export async function startHttp(
  { http, directory, store }: ListenerInit,
  manager: SessionCore,
  listener: HttpServiceInit['listener'],
): Promise<HttpService | undefined> {
  if (http === undefined) return undefined
  const { HttpService } = await import('../http/http-service.ts')
  const service = new HttpService({ directory, store, manager, listener })
  await service.start(http.host, http.port)
  return service
}

/** Facts for the record of a start: the one who starts it, and which hooks are the host's own. */
export function startFacts({ ownHooks }: ListenerInit) {
  return compact({ ...currentOperator(), ownHooks: ownHooks?.join(' ') })
}
