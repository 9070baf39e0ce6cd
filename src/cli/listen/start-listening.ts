import { SystemdNotify } from '../../service/listener/systemd-notify.ts'
import { recordCrash } from '../../service/record/crash-record.ts'
import type { sessionDetails } from '../../service/sessions/session-details.ts'
import { type NewPartyTold, openContext } from '../context.ts'
import type { HooksWish } from '../hooks/open-hooks.ts'
import type { Locations } from '../locations.ts'
import { clockWarning } from '../output/clock-warning.ts'
import { commandOf } from '../settings/hook-choice.ts'
import type { Settings } from '../settings/settings.ts'
import { parseDuration } from '../text/duration.ts'
import { watchLastResort } from './last-resort.ts'
import type { ListenOutput } from './listen-output.ts'
import { ListenSettings } from './listen-settings.ts'
import { MAX_TIMER_MS, reapOf } from './reap-flags.ts'
import { runListener } from './run-listener.ts'
import { type StopSignals, watchStopSignals } from './stop-signals.ts'
import { tellSystemd } from './tell-systemd.ts'
import { unreachableMsOf } from './unreachable-flag.ts'

/** The flags of `listen`, beside those that override settings. */
export interface ListenFlags {
  readonly for?: string | undefined
  readonly once?: boolean
  readonly 'trust-clock'?: boolean
  readonly 'exit-if-unreachable'?: string | undefined
  readonly reap?: readonly string[] | undefined
  readonly 'reap-every'?: string | undefined
}

export interface ListenOptions {
  readonly locations: Locations
  readonly flags: ListenFlags
  readonly output: ListenOutput
  readonly newParty: NewPartyTold
  /** Told how to stop for another reason than a signal: nobody reads us any more. */
  onStopper(stop: () => void): void
}

/** @throws UsageError, SettingValueError, and what `Listener.start` throws */
export async function startListening({
  locations,
  flags,
  output,
  newParty,
  onStopper,
}: ListenOptions): Promise<void> {
  let isNew = false
  const context = openContext(locations, (party) => {
    isNew = true
    newParty(party)
  })
  const signals = watchStopSignals(
    (signal) => process.exit(signal === 'SIGINT' ? 130 : 143),
    process.stdin.isTTY === true || process.stdout.isTTY === true,
  )
  // A terminal that is closed says so in several ways, the signal being one of them.
  onStopper(() => signals.stop(process.stdout.isTTY ? 'SIGHUP' : 'closed-pipe'))
  const problem = (detail: string) => output.tell({ type: 'problem', at: Date.now(), detail })
  const release = watchLastResort(async (error) => {
    // What is said on a screen that is about to go is said to nobody.
    const crash = async (): Promise<void> => recordCrash(await context.store(), error)
    await Promise.allSettled([output.end?.(), crash()])
  })
  const systemd = new SystemdNotify({ environment: process.env, onProblem: problem })
  try {
    const settings = await context.settings()
    const own = new ListenSettings(settings, { ...flags })
    const unreachableMs = unreachableMsOf(flags['exit-if-unreachable'])
    const wanted = { ...initOf(own, settings, signals), ...trustAndReap(flags) }
    const listener = await context.listener(
      { ...wanted, ...proveEvery(unreachableMs) },
      hooksOf(own),
    )
    const { behindMs } = await context.clock()
    const options = {
      once: flags.once === true,
      forMs: duration(flags.for),
      drainMs: () => own.number('drain-timeout'),
      unreachableMs,
      warning: flags['trust-clock'] === true ? undefined : clockWarning(behindMs),
      newParty: isNew,
    }
    const store = await context.store()
    output.attach?.(listener, (id) => detailsOf(store, id, listener.status().peerId))
    await runListener(listener, signals, options, (event) => {
      output.tell(event)
      tellSystemd(systemd, event)
    })
  } finally {
    await systemd.stop()
    await output.end?.()
    signals.release()
    release()
    await context.settle().finally(() => context.close())
  }
}

/** Loaded once somebody looks into a session. */
async function detailsOf(...about: Parameters<typeof sessionDetails>) {
  const { sessionDetails } = await import('../../service/sessions/session-details.ts')
  return await sessionDetails(...about)
}

/** Twice in the time that it may be met nowhere, so that it is not over before it was noticed. */
function proveEvery(unreachableMs: number | undefined) {
  return unreachableMs === undefined || unreachableMs === 0
    ? {}
    : { proveEveryMs: unreachableMs / 2 }
}

function trustAndReap(flags: ListenFlags) {
  return { trustClock: flags['trust-clock'] === true, ...reapOf(flags) }
}

function duration(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  return parseDuration(text, { min: 1_000, max: MAX_TIMER_MS, of: '--for' })
}

/** The listener's settings, now and when they change. */
function initOf(own: ListenSettings, settings: Settings, signals: StopSignals) {
  return {
    config: own.config,
    settings: own,
    listen: own.list('listen'),
    announce: own.list('announce'),
    relays: own.list('relay'),
    relayTokenFile: own.text('relay-token-file'),
    nodeLeaseMs: own.number('node-lease'),
    mdns: own.isOn('mdns'),
    upnp: own.isOn('upnp'),
    legacy: own.isOn('legacy'),
    onEvent: onEventOf(own),
    disk: () => own.disk,
    retentionMs: () => own.number('audit-retention'),
    ...(own.http === undefined ? {} : { http: own.http }),
    party: () => partyOf(settings),
    onDrain: (wanted: number | undefined) => {
      const ms = wanted ?? own.number('drain-timeout')
      signals.stop('drain', ms)
      return ms
    },
  }
}

/** The hooks that the command line names, before the settings. */
function hooksOf(own: ListenSettings): HooksWish {
  return {
    database: own.text('database'),
    hooks: own.text('hooks'),
    'hook-command': own.text('hook-command'),
  }
}

/** The command for events, if there is one. */
function onEventOf(own: ListenSettings) {
  const words = commandOf(own.text('on-event'))
  if (words === undefined) return undefined
  return { words, kinds: own.list('on-event-kinds'), environment: process.env }
}

/**
 * Asked for each session, so that `identity set` counts at once. The name is public; the rest is told only to whoever
 * was approved.
 */
function partyOf(settings: Settings) {
  settings.refresh()
  const { identity, cadre } = settings
  const name = identity['name']
  return { identity, cadre, ...(name === undefined ? {} : { publicName: name }) }
}
