import { classifyAddress } from '../../network/address/addresses.ts'
import { compact } from '../../protocol/base/compact.ts'
import type { Drained } from '../../session/manager/drain.ts'
import type { SessionCore } from '../../session/manager/session-core.ts'
import type { SessionSummary } from '../../session/ports/session-summary.ts'
import type { PartyStore } from '../../store/query/party-store.ts'
import { bestProof, isProvenOutside, type ReachReport } from '../reach/reach-report.ts'
import type { RouterState } from '../router/router-state.ts'
import { nameIn } from '../sessions/partner-name.ts'
import type { ListenerStatus } from '../status/listener-status.ts'
import { waitsForServer } from '../status/server-watch.ts'
import type { StoreFacts } from '../status/store-facts.ts'
import { waitsForRoom } from '../status/waits-for-room.ts'
import type { SyncNews } from '../sync/sync-news.ts'
import { AwaitedWords } from './awaited-words.ts'
import { EventFeed, type FeedReader } from './event-feed.ts'
import type {
  FeedFact,
  FeedHealth,
  FeedProof,
  FeedRelay,
  FeedRouter,
  ListenEvent,
  Reached,
} from './event-feed-event.ts'
import { feedRequest } from './feed-requests.ts'
import { FeedTail } from './feed-tail.ts'
import { InOrder } from './in-order.ts'
import { statesInWords } from './session-states.ts'
import { type ToldPeer, ToldSessions } from './told-sessions.ts'

/** How often the listener tells how it is, ms. Only while somebody reads. */
const HEALTH_INTERVAL_MS = 1_000

export interface ListenerFeedInit {
  readonly store: PartyStore
  readonly manager: SessionCore
  /** Looked at before each tick. */
  readonly facts: StoreFacts
  status(): Pick<ListenerStatus, 'pid' | 'peerId' | 'addresses' | 'reach' | 'reaping' | 'startedAt'>
}

/** The event feed of a listener: its sessions' moves, additions to the trail, and its health. */
export class ListenerFeed {
  readonly #init: ListenerFeedInit
  readonly #live = new ToldSessions()
  /** Moves are told with the names of the peers, which are looked up. */
  readonly #order = new InOrder()
  readonly #feed: EventFeed
  readonly #tail: FeedTail
  readonly #words: AwaitedWords
  #health: NodeJS.Timeout | undefined
  #tickAt = 0
  #router: (FeedRouter & { readonly at: number }) | undefined
  #reached: Reached | undefined
  #noted: string | undefined
  /** The last news of each relay. */
  readonly #relays = new Map<string, FeedRelay & { readonly at: number }>()
  /** Partners who were sought in vain, and not met since. */
  readonly #away = new Set<string>()
  #watch: ((event: ListenEvent) => void) | undefined

  constructor(init: ListenerFeedInit) {
    this.#init = init
    this.#feed = new EventFeed({
      snapshot: () => this.#snapshot(),
      onFollowed: (isFollowed) => this.#followed(isFollowed),
      now: Date.now,
    })
    this.#words = new AwaitedWords({
      wordsOf: (tallyId) => wordsFrom(init.store, tallyId, init.status().peerId),
      tell: (news) => this.#tell(() => news),
    })
    this.#tail = new FeedTail(init.store, (fact) => this.#feed.publish(fact))
  }

  /** Begins to listen to the manager. Called once, before it accepts. */
  start(): void {
    const { manager } = this.#init
    manager.on('session', (summary, path) => {
      this.#note(summary.remoteAddress)
      const { peer, inWords } = this.#live.moved(summary, path, manager.config)
      this.#order.add(
        () => {
          this.#tellNow(() => ({ type: 'session', ...inWords() }))
          if (summary.state === 'COMPLETED') this.#awaitWords(summary, peer)
        },
        this.#named(peer, summary),
      )
    })
    manager.on('refused', (peerId, code) => {
      this.#live.refused()
      this.#tell(() => ({ type: 'refused', peerId, code }))
    })
    manager.on('request', (news) => this.#tell(() => feedRequest(news)))
    manager.on('hookComplaint', (hook, detail) => this.problem(`${hook}: ${detail}`))
    manager.on('strained', (id, detail) => this.problem(`session ${id}: ${statesInWords(detail)}`))
    manager.on('alarmed', (id, detail) => this.problem(`ALARM: ${detail} (session ${id})`))
    // The health watch tells of a full disk: once, and when it is over.
    manager.on('storeFailed', (error) => {
      // Who looks after the disk or the server tells of these.
      if (!waitsForRoom(error) && !waitsForServer(error)) this.problem(String(error))
    })
  }

  /** Follows from now on. Undefined if there are too many readers. */
  follow(options?: { readonly capacity?: number }): FeedReader | undefined {
    return this.#feed.follow(options)
  }

  /**
   * Tells each session's moves, refusals and problems from now on, as they happen: none is missed; of relays also what has
   * become of them until now. For one only.
   */
  watch(tell: (event: ListenEvent) => void): void {
    this.#watch = tell
    for (const news of this.#relays.values()) tell(news)
    if (this.#router !== undefined) tell(this.#router)
  }

  /** Something is not as it should be. */
  problem(detail: string): void {
    this.#tell(() => ({ type: 'problem', detail }))
  }

  /** A relay has changed. Whoever comes later hears of it, too. */
  relay(news: FeedRelay): void {
    this.#relays.set(news.address, { ...news, at: Date.now() })
    this.#tell(() => news)
  }

  /** An exchange with a partner has ended. Equal documents are no news, nor that one who is away is still away. */
  synced({ stopped, ...news }: SyncNews): void {
    for (const id of stopped) {
      this.problem(`ALARM: tally ${id} is not synced any further: see \`taleus tally show\``)
    }
    const isAway = this.#away.has(news.peerId)
    if (news.result === 'missed') this.#away.add(news.peerId)
    else this.#away.delete(news.peerId)
    const isQuiet = news.result === 'met' && news.taken + news.given === 0
    if (isQuiet || (news.result === 'missed' && isAway)) return
    this.#tell(() => ({ type: 'sync', ...news }))
  }

  /** The router has changed. Whoever comes later hears of it, too. */
  router({ since: at, state, ...news }: RouterState): void {
    if (state === 'asked') return
    const told: FeedRouter = { type: 'router', state, ...news }
    this.#router = { ...told, at }
    this.#tell(() => told)
  }

  /** No new sessions are taken; those under way have `ms` to finish. */
  draining(active: number, ms: number): void {
    this.#order.add(() => this.#feed.publish({ type: 'draining', active, ms }))
  }

  /** The last word: every reader hears it, then its loop ends. */
  stop(reason: string, drained: Drained): void {
    this.#order.add(() => {
      // Moves that were told before may wait for words.
      this.#words.stop()
      this.#feed.publish({ type: 'stopped', reason, ...drained })
      this.#feed.close()
    })
  }

  #tell(fact: () => FeedFact): void {
    this.#order.add(() => this.#tellNow(fact))
  }

  #tellNow(fact: () => FeedFact): void {
    this.#watch?.({ at: Date.now(), ...fact() })
    this.#feed.publish(fact)
  }

  /** Nobody waits for words that nobody is told. */
  #awaitWords({ tallyId, peerId }: SessionSummary, { name: peerName }: ToldPeer): void {
    if (tallyId === undefined || (this.#watch === undefined && !this.#feed.isFollowed)) return
    this.#words.made(compact({ tallyId, peerId, peerName }))
  }

  /** Looks for the peer's name, which is kept with the tally. Undefined if it is known, or there can't be any yet. */
  #named(peer: ToldPeer, { tallyId }: SessionSummary): Promise<void> | undefined {
    if (tallyId === undefined || peer.isFound === true) return undefined
    const found = this.#init.store.lookups.tallies.find(tallyId)
    return found.then((tally) => {
      peer.isFound ||= tally !== undefined
      peer.name ??= nameIn(tally?.partner.identity)
    })
  }

  #followed(isFollowed: boolean): void {
    clearInterval(this.#health)
    if (!isFollowed) {
      this.#tail.stop()
      return
    }
    this.#tail.start()
    this.#tickAt = performance.now()
    this.#health = setInterval(() => void this.#tick(), HEALTH_INTERVAL_MS)
    this.#health.unref()
    void this.#tellHealth(0)
  }

  async #tick(): Promise<void> {
    const now = performance.now()
    const lagMs = Math.max(0, Math.round(now - this.#tickAt - HEALTH_INTERVAL_MS))
    this.#tickAt = now
    await this.#tellHealth(lagMs)
  }

  async #tellHealth(lagMs: number): Promise<void> {
    await this.#init.facts.look()
    if (this.#feed.isFollowed) this.#feed.publish(this.#healthNow(lagMs))
  }

  #snapshot(): readonly FeedFact[] {
    const { manager, status } = this.#init
    const { pid, peerId, addresses, startedAt } = status()
    const { maxConcurrentSessions: maxSessions, rateLimitPerPeer: ratePerMinute } = manager.config
    const { totals } = this.#live
    return [
      { type: 'ready', pid, peerId, addresses, startedAt, maxSessions, ratePerMinute, totals },
      this.#healthNow(0),
      ...[...this.#relays.values()].map(({ at: _at, ...news }) => news),
      ...routerNews(this.#router),
      ...this.#tail.snapshot(),
      ...this.#live.sessions.map((session) => ({ type: 'session' as const, ...session })),
    ]
  }

  #healthNow(lagMs: number): FeedHealth {
    const { manager, status, facts } = this.#init
    const { addresses, reach, reaping } = status()
    const { syncs, waiting } = facts.now
    const reapPausedUntil = reaping?.pausedUntil
    return {
      type: 'health',
      active: manager.getActiveSessionCounts().total,
      maxSessions: manager.config.maxConcurrentSessions,
      totals: this.#live.totals,
      addresses,
      ...compact({ reached: this.#reached, proof: proofOf(reach) }),
      ...compact({ reapPausedUntil, syncs, waiting }),
      rssBytes: process.memoryUsage.rss(),
      lagMs,
    }
  }

  /** Somebody came from there: the listener can be reached from at least as far. */
  #note(address: string | undefined): void {
    if (address === undefined || address === this.#noted || this.#reached === 'public') return
    this.#noted = address
    const place = placeOf(address)
    if (place === undefined) return
    const known = this.#reached === undefined ? -1 : WIDER.indexOf(this.#reached)
    if (WIDER.indexOf(place) > known) this.#reached = place
  }
}

function routerNews(
  told: (FeedRouter & { readonly at: number }) | undefined,
): readonly FeedRouter[] {
  if (told === undefined) return []
  const { at: _at, ...news } = told
  return [news]
}

/** A store that fails is told of by those who need it; a reader only sees no words. */
async function wordsFrom({ lookups }: PartyStore, tallyId: string, localPeer: string) {
  try {
    const tally = await lookups.tallies.find(tallyId)
    // Its list of words is long.
    const { wordsOf } = await import('../words/tally-words.ts')
    return tally && wordsOf(tally, localPeer)
  } catch {
    return undefined
  }
}

function proofOf(report: ReachReport = []): FeedProof | undefined {
  const proof = bestProof(report)
  if (proof === undefined) return undefined
  const { by, triedAt, problem, outside } = proof
  if (isProvenOutside(proof)) return { by, triedAt: outside?.triedAt ?? triedAt, outside: 'proven' }
  if (outside?.problem !== undefined)
    return { by, triedAt: outside.triedAt, problem: outside.problem, outside: 'failed' }
  return { by, triedAt, ...compact({ problem }) }
}

/** The place that somebody came from; a network of addresses for tests is one like others at home. */
function placeOf(address: string): Reached | undefined {
  const scope = classifyAddress(address)
  if (scope === 'unspecified' || scope === 'multicast' || scope === 'dns') return undefined
  return scope === 'reserved' ? 'private' : scope
}

/** Each from further away than the one before. */
const WIDER: readonly Reached[] = ['loopback', 'link-local', 'private', 'cgnat', 'relay', 'public']
