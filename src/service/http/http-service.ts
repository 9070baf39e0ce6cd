import { Registry } from 'prom-client'
import { ListenError } from '../../network/errors.ts'
import type { SessionCore } from '../../session/manager/session-core.ts'
import type { SessionStore } from '../../session/ports/store.ts'
import { auditRecords } from '../../store/audit/audit-records.ts'
import type { WatchedCommits } from '../../store/commit/watched-commits.ts'
import type { DataDirectory } from '../../store/directory/data-directory.ts'
import type { RecordStore } from '../../store/query/record-store.ts'
import type { ListenerStatus } from '../status/listener-status.ts'
import { fileBytes } from '../status/store-usage.ts'
import type { HearSync, SyncNews } from '../sync/sync-news.ts'
import { countEvents } from './event-metrics.ts'
import { fromStore } from './from-store.ts'
import { HttpServer, type Page } from './http-server.ts'
import { tellReach } from './reach-metrics.ts'
import { tellReaping } from './reaping-metrics.ts'
import { countRequests } from './request-metrics.ts'
import {
  countCommits,
  measureLag,
  type ServiceFacts,
  tellRelays,
  tellService,
} from './service-metrics.ts'
import { countSessions } from './session-metrics.ts'
import { countSyncs } from './sync-metrics.ts'

/** For how long an answer is given again, ms: asking often must not cost the sessions anything. */
const FRESH_MS = 500

export interface HttpServiceInit {
  readonly directory: DataDirectory
  readonly store: SessionStore & RecordStore & WatchedCommits
  readonly manager: SessionCore
  readonly listener: {
    /** With what the store has said last. */
    status(): ListenerStatus
    /** With what it says now. */
    freshStatus(): Promise<ListenerStatus>
  }
}

/** Serves /healthz, /readyz and /metrics of a listener: only to read, without anything that identifies a party. */
export class HttpService {
  readonly #init: HttpServiceInit
  readonly #registry = new Registry()
  readonly #server = new HttpServer((path) => this.#pageOf(path))
  readonly #undo: (() => void)[] = []
  #url: string | undefined
  #isCounting = false
  #hearSync: HearSync | undefined
  #facts: ServiceFacts | undefined
  /** As the store has said last. */
  #auditRecords = Number.NaN
  #looked: { readonly at: number; readonly end: Promise<void> } | undefined
  #metrics: { readonly at: number; readonly text: Promise<string> } | undefined

  constructor(init: HttpServiceInit) {
    this.#init = init
  }

  /**
   * Called once, before the first session.
   * @returns where it listens, as a URL
   * @throws ListenError
   */
  async start(host: string, port: number): Promise<string> {
    const url = await this.#server.start(host, port).catch((cause: unknown) => {
      const place = `${host.includes(':') ? `[${host}]` : host}:${port}`
      throw cause instanceof Error ? new ListenError(place, cause) : cause
    })
    this.#url = url
    if (this.#init.manager.config.metricsEnabled) this.#count()
    return url
  }

  /** Where it listens, once it does. */
  get url(): string | undefined {
    return this.#url
  }

  #count(): void {
    const registers = [this.#registry]
    this.#isCounting = true
    countSessions(registers, this.#init.manager)
    countRequests(registers, this.#init.manager, this.#init.store)
    this.#hearSync = countSyncs(registers, this.#init.store)
    tellService(registers, () => this.#now())
    tellReach(registers, () => this.#now().status)
    tellReaping(registers, () => this.#now().status)
    tellRelays(registers, () => this.#now())
    countEvents(registers, () => this.#now().status)
    this.#undo.push(countCommits(registers, this.#init.store), measureLag(registers))
  }

  /** An exchange with a partner has ended. */
  synced(news: SyncNews): void {
    this.#hearSync?.(news)
  }

  async stop(): Promise<void> {
    for (const undo of this.#undo.splice(0)) undo()
    await this.#server.stop()
  }

  async #pageOf(path: string): Promise<Page | undefined> {
    await fromStore(this.#look())
    if (path === '/healthz') return this.#healthPage()
    if (path === '/readyz') return this.#readyPage()
    if (path !== '/metrics') return undefined
    if (!this.#isCounting) return METRICS_OFF
    return { status: 200, type: this.#registry.contentType, text: await this.#metricsText() }
  }

  /** Alive: a supervisor should not kill it. */
  #healthPage(): Page {
    const { problems } = this.#init.listener.status().health
    const hasFailed = problems.some(({ code }) => code === 'store_failed')
    return json(hasFailed ? 503 : 200, { alive: !hasFailed })
  }

  /** Ready: newcomers may be sent here. */
  #readyPage(): Page {
    const { ready, problems, warnings } = this.#init.listener.status().health
    return json(ready ? 200 : 503, { ready, problems, warnings })
  }

  #metricsText(): Promise<string> {
    const now = performance.now()
    if (this.#metrics === undefined || now - this.#metrics.at > FRESH_MS) {
      const { directory, listener } = this.#init
      const [status, files] = [listener.status(), fileBytes(directory)]
      this.#facts = { status, files, auditRecords: this.#auditRecords }
      this.#metrics = { at: now, text: this.#registry.metrics() }
    }
    return this.#metrics.text
  }

  /** Asks the store, unless somebody has just done so. */
  #look(): Promise<void> {
    const at = performance.now()
    if (this.#looked === undefined || at - this.#looked.at > FRESH_MS) {
      this.#looked = { at, end: this.#lookNow() }
    }
    return this.#looked.end
  }

  async #lookNow(): Promise<void> {
    const { store, listener } = this.#init
    const audited = store.query(() => auditRecords.lastSeq())
    const [last] = await Promise.all([audited, listener.freshStatus()])
    this.#auditRecords = last
  }

  /** As of when the metrics were told last. */
  #now(): ServiceFacts {
    if (this.#facts === undefined) throw new TypeError('no metrics were asked for yet')
    return this.#facts
  }
}

const METRICS_OFF: Page = {
  status: 404,
  type: 'text/plain; charset=utf-8',
  text: 'Metrics are off. `taleus config set metrics on`, then start the listener again.\n',
}

function json(status: Page['status'], value: unknown): Page {
  return { status, type: 'application/json', text: `${JSON.stringify(value)}\n` }
}
