import { Counter, Gauge, Registry } from 'prom-client'
import { ListenError } from '../../network/errors.ts'
import { HttpServer, type Page } from '../http/http-server.ts'
import { measureLag } from '../http/service-metrics.ts'
import type { RelayStatus } from '../status/relay-status.ts'

/** For how long an answer is given again, ms: asking often must not cost the circuits anything. */
const FRESH_MS = 500

/** Serves /healthz, /readyz and /metrics of a relay: only to read, without anything that identifies a party. */
export class RelayHttp {
  readonly #status: () => RelayStatus
  readonly #registry = new Registry()
  readonly #server = new HttpServer((path) => this.#pageOf(path))
  #stopLag: (() => void) | undefined
  #known: RelayStatus | undefined
  #knownAt = 0

  constructor(status: () => RelayStatus) {
    this.#status = status
  }

  /**
   * Called once.
   * @returns where it listens, as a URL
   * @throws ListenError
   */
  async start(host: string, port: number): Promise<string> {
    const url = await this.#server.start(host, port).catch((cause: unknown) => {
      const place = `${host.includes(':') ? `[${host}]` : host}:${port}`
      throw cause instanceof Error ? new ListenError(place, cause) : cause
    })
    tellRelay([this.#registry], () => this.#now())
    this.#stopLag = measureLag([this.#registry])
    return url
  }

  async stop(): Promise<void> {
    this.#stopLag?.()
    await this.#server.stop()
  }

  async #pageOf(path: string): Promise<Page | undefined> {
    if (path === '/healthz') return json(200, { alive: true })
    if (path === '/readyz') {
      const { draining } = this.#now()
      return json(draining ? 503 : 200, { ready: !draining })
    }
    if (path !== '/metrics') return undefined
    const text = await this.#registry.metrics()
    return { status: 200, type: this.#registry.contentType, text }
  }

  #now(): RelayStatus {
    const now = performance.now()
    if (this.#known === undefined || now - this.#knownAt > FRESH_MS) {
      this.#known = this.#status()
      this.#knownAt = now
    }
    return this.#known
  }
}

type RelayFigure = readonly [name: string, help: string, value: (status: RelayStatus) => number]

const GAUGES: readonly RelayFigure[] = [
  ['taleus_relay_draining', '1 while it stops.', ({ draining }) => Number(draining)],
  ['taleus_relay_start_time_seconds', 'When it started.', (status) => status.startedAt / 1_000],
  ['taleus_relay_reservations', 'Places that are taken.', (status) => status.reservations.inUse],
  ['taleus_relay_circuits', 'Circuits under way.', (status) => status.circuits.inUse],
  ['taleus_relay_connections', 'Open connections.', ({ connections }) => connections],
  ['taleus_relay_streams', 'Open streams.', ({ streams }) => streams],
  ['taleus_relay_buffered_bytes', 'Held by streams.', ({ bufferedBytes }) => bufferedBytes],
  ['taleus_relay_memory_bytes', 'Resident memory.', ({ rssBytes }) => rssBytes],
]

const COUNTERS: readonly RelayFigure[] = [
  ['taleus_relay_reserved_total', 'Places that were taken.', ({ reserved }) => reserved],
  ['taleus_relay_joined_total', 'Circuits that came about.', ({ joined }) => joined],
  ['taleus_relay_bytes_total', 'Bytes that went through, both ways.', ({ bytes }) => bytes],
]

function tellRelay(registers: Registry[], status: () => RelayStatus): void {
  for (const [name, help, value] of GAUGES) {
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(value(status()))
      },
    })
  }
  for (const [name, help, value] of COUNTERS) {
    new Counter({
      name,
      help,
      registers,
      collect() {
        this.reset()
        this.inc(value(status()))
      },
    })
  }
  new Counter({
    name: 'taleus_relay_refused_total',
    help: 'Requests that were turned away, by cause.',
    labelNames: ['cause'],
    registers,
    collect() {
      this.reset()
      for (const [cause, count] of Object.entries(status().refused)) this.inc({ cause }, count)
    },
  })
  new Counter({
    name: 'taleus_relay_dial_backs_total',
    help: 'Holders of places that asked to be dialled, by what came of it.',
    labelNames: ['end'],
    registers,
    collect() {
      this.reset()
      for (const [end, count] of Object.entries(status().dialBacks ?? {})) this.inc({ end }, count)
    },
  })
}

function json(status: Page['status'], value: unknown): Page {
  return { status, type: 'application/json', text: `${JSON.stringify(value)}\n` }
}
