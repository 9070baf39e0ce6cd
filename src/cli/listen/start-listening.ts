import { sessionDetails } from '../../service/session-details.ts'
import { SystemdNotify } from '../../service/systemd-notify.ts'
import { clockWarning } from '../clock-warning.ts'
import { openContext } from '../context.ts'
import { parseDuration } from '../duration.ts'
import type { Locations } from '../locations.ts'
import type { SettingKey } from '../setting-definitions.ts'
import { parseSetting } from '../setting-text.ts'
import type { Settings } from '../settings.ts'
import type { ListenOutput } from './listen-output.ts'
import { runListener } from './run-listener.ts'
import { watchStopSignals } from './stop-signals.ts'
import { tellSystemd } from './tell-systemd.ts'

/** The flags of `listen`, as text. */
export interface ListenFlags {
  readonly listen?: readonly string[] | undefined
  readonly announce?: readonly string[] | undefined
  readonly 'max-sessions'?: string | undefined
  readonly 'rate-limit'?: string | undefined
  readonly 'session-timeout'?: string | undefined
  readonly 'step-timeout'?: string | undefined
  readonly 'drain-timeout'?: string | undefined
  readonly for?: string | undefined
  readonly once?: boolean
  readonly 'trust-clock'?: boolean
}

export interface ListenWishes {
  readonly locations: Locations
  readonly flags: ListenFlags
  readonly output: ListenOutput
  /** Told how to stop for another reason than a signal: nobody reads us any more. */
  onStopper(stop: () => void): void
}

/** The longest `--for`, ms: no timer is longer. */
const MAX_FOR_MS = 2 ** 31 - 1

/** @throws UsageError, SettingValueError, and what `Listener.start` throws */
export async function startListening({
  locations,
  flags,
  output,
  onStopper,
}: ListenWishes): Promise<void> {
  const context = openContext(locations)
  const signals = watchStopSignals(
    (signal) => process.exit(signal === 'SIGINT' ? 130 : 143),
    process.stdin.isTTY === true || process.stdout.isTTY === true,
  )
  onStopper(() => signals.stop('closed-pipe'))
  const systemd = new SystemdNotify({
    environment: process.env,
    onProblem: (detail) => output.tell({ type: 'problem', at: Date.now(), detail }),
  })
  try {
    const settings = await context.settings()
    const forMs =
      flags.for === undefined
        ? undefined
        : parseDuration(flags.for, { min: 1_000, max: MAX_FOR_MS, of: '--for' })
    const drainMs = number(settings, flags, 'drain-timeout')
    const listener = await context.listener({
      config: configOf(settings, flags),
      listen: settings.list('listen', listSetting('listen', flags.listen)),
      announce: settings.list('announce', listSetting('announce', flags.announce)),
      party: () => partyOf(settings),
      trustClock: flags['trust-clock'] === true,
      onDrain: (wanted) => {
        const ms = wanted ?? drainMs
        signals.stop('drain', ms)
        return ms
      },
    })
    const { behindMs } = await context.clock()
    const warning = flags['trust-clock'] === true ? undefined : clockWarning(behindMs)
    const options = { once: flags.once === true, forMs, drainMs, warning }
    const store = await context.store()
    output.attach?.(listener, (id) => sessionDetails(store, id))
    await runListener(listener, signals, options, (event) => {
      output.tell(event)
      tellSystemd(systemd, event)
    })
  } finally {
    await systemd.stop()
    await output.end?.()
    signals.release()
    context.close()
  }
}

type NumberFlag =
  | 'max-sessions'
  | 'rate-limit'
  | 'session-timeout'
  | 'step-timeout'
  | 'drain-timeout'

function configOf(settings: Settings, flags: ListenFlags) {
  return {
    maxConcurrentSessions: number(settings, flags, 'max-sessions'),
    rateLimitPerPeer: number(settings, flags, 'rate-limit'),
    maxSessionsPerPeer: settings.number('sessions-per-peer', undefined),
    rateLimitPerAddress: settings.number('address-rate-limit', undefined),
    rateLimitTotal: settings.number('total-rate-limit', undefined),
    badSecretsPerPeer: settings.number('bad-secrets', undefined),
    breakerFailures: settings.number('breaker-failures', undefined),
    breakerPauseMs: settings.number('breaker-pause', undefined),
    sessionTimeoutMs: number(settings, flags, 'session-timeout'),
    stepTimeoutMs: number(settings, flags, 'step-timeout'),
  }
}

function number(settings: Settings, flags: ListenFlags, key: NumberFlag): number {
  const text = flags[key]
  const value = text === undefined ? undefined : parseSetting(key, [text])
  return settings.number(key, typeof value === 'number' ? value : undefined)
}

function listSetting(
  key: SettingKey,
  texts: readonly string[] | undefined,
): readonly string[] | undefined {
  const value = texts === undefined ? undefined : parseSetting(key, [...texts])
  return Array.isArray(value) ? value : undefined
}

/** Asked for each session, so that `identity set` counts at once. The name is public; the rest is told only to whoever was approved. */
function partyOf(settings: Settings) {
  settings.refresh()
  const { identity } = settings
  const name = identity['name']
  return { identity, cadre: [], ...(name === undefined ? {} : { publicName: name }) }
}
