import { SystemdNotify } from '../../service/listener/systemd-notify.ts'
import { openRelay } from '../../service/relay/open-relay.ts'
import type { RelayFact, RelayNews } from '../../service/relay/relay-news.ts'
import { relayPolicy } from '../../service/relay/relay-policy.ts'
import type { RelayService } from '../../service/relay/relay-service.ts'
import type { RelayStatus } from '../../service/status/relay-status.ts'
import { UsageError } from '../errors/errors.ts'
import { watchLastResort } from '../listen/last-resort.ts'
import type { EventOutput } from '../listen/listen-output.ts'
import { type StopSignals, watchStopSignals } from '../listen/stop-signals.ts'
import type { Locations } from '../locations.ts'
import { isLoopback, parseEndpoint } from '../settings/endpoint.ts'
import { RELAY_DRAIN_MS, relayDrainMs } from './relay-drain-ms.ts'

/** The flags of `relay`. */
export interface RelayFlags {
  readonly listen: readonly string[]
  readonly announce?: readonly string[] | undefined
  readonly allow?: readonly string[] | undefined
  readonly 'token-file'?: string | undefined
  readonly open?: boolean
  readonly http?: string | undefined
  readonly 'drain-timeout'?: string | undefined
}

export interface RelayOptions {
  readonly locations: Locations
  readonly flags: RelayFlags
  /** Made when the relay is there. @param status the relay's, once it has started */
  output(status: () => RelayStatus): Promise<EventOutput<RelayNews>>
  /** Shows a token that was made just now: it is not shown again. */
  showToken(token: string): void
  /** Told how to stop for another reason than a signal: nobody reads us any more. */
  onStopper(stop: () => void): void
}

/**
 * Runs a relay until something ends it.
 * @throws UsageError; RelayAccessError; DataDirectoryError; KeyFileError; and what `RelayService.start` throws
 */
export async function runRelay(options: RelayOptions): Promise<void> {
  const { locations, flags } = options
  const drainMs = drainMsOf(flags)
  const http = httpOf(flags)
  const { policy, newToken } = relayPolicy({
    open: flags.open === true,
    allow: flags.allow ?? [],
    ...(flags['token-file'] === undefined ? {} : { tokenFile: flags['token-file'] }),
  })
  if (newToken !== undefined) options.showToken(newToken)
  const signals = watchStopSignals(
    (signal) => process.exit(signal === 'SIGINT' ? 130 : 143),
    process.stdin.isTTY === true || process.stdout.isTTY === true,
  )
  options.onStopper(() => signals.stop(process.stdout.isTTY ? 'SIGHUP' : 'closed-pipe'))
  const told: { output?: EventOutput<RelayNews> } = {}
  // Of the instants before it is said that the relay is there.
  const early: RelayNews[] = []
  const relay = openRelay(locations.dataDirectory, {
    policy,
    listen: flags.listen,
    announce: flags.announce ?? [],
    ...(http === undefined ? {} : { http }),
    tell: (news) => (told.output === undefined ? early.push(news) : told.output.tell(news)),
    onDrain: (wanted = drainMs) => {
      signals.stop('drain', wanted)
      return wanted
    },
  })
  const release = watchLastResort(async () => await told.output?.end?.())
  try {
    const status = await relay.start()
    const output = await options.output(() => relay.status())
    const serving = serve({ relay, status, signals, output, drainMs })
    for (const news of early) output.tell(news)
    told.output = output
    await serving
  } finally {
    await told.output?.end?.()
    signals.release()
    release()
  }
}

interface Serving {
  readonly relay: RelayService
  readonly status: RelayStatus
  readonly signals: StopSignals
  readonly output: EventOutput<RelayNews>
  readonly drainMs: number
}

async function serve({ relay, status, signals, output, drainMs }: Serving): Promise<void> {
  const tell = (fact: RelayFact): void => output.tell({ ...fact, at: Date.now() })
  const systemd = new SystemdNotify({
    environment: process.env,
    onProblem: (detail) => tell({ type: 'problem', detail }),
  })
  const { pid, peerId, addresses, startedAt, access, http } = status
  const ready = { pid, peerId, addresses, startedAt, access }
  tell({ type: 'ready', ...ready, ...(http === undefined ? {} : { http }) })
  for (const detail of [...relay.warnings, ...httpWarnings(http)]) tell({ type: 'problem', detail })
  systemd.ready(`relaying on ${addresses.join(' ')}`)
  const { reason, drainMs: ms = drainMs } = await signals.first
  systemd.stopping('stopping')
  const { cut } = await relay.stop(ms)
  await systemd.stop()
  tell({ type: 'stopped', reason, cut })
}

/** Anybody who can reach it may read it. */
function httpWarnings(http: string | undefined): readonly string[] {
  if (http === undefined || isLoopback(new URL(http).hostname)) return []
  return [`${http} can be read from other computers; best is 127.0.0.1, with a proxy before it`]
}

function httpOf({ http }: RelayFlags) {
  if (http === undefined) return undefined
  const endpoint = parseEndpoint(http)
  if (endpoint === undefined) throw new UsageError('--http: HOST:PORT, like 127.0.0.1:9465')
  return endpoint
}

function drainMsOf(flags: RelayFlags): number {
  return relayDrainMs(flags['drain-timeout']) ?? RELAY_DRAIN_MS
}
