import type { ListenEvent } from '../../service/feed/event-feed-event.ts'
import type { Drained, Listener } from '../../service/listener/listener.ts'
import { unreachableBy } from '../../service/reach/reach-report.ts'
import { waitsForServer } from '../../service/status/server-watch.ts'
import { waitsForRoom } from '../../service/status/waits-for-room.ts'
import { reportOf } from '../failure/error-report.ts'
import { isLoopback } from '../settings/endpoint.ts'
import { stopIfUnreachable } from './stop-if-unreachable.ts'
import type { StopSignals } from './stop-signals.ts'

export interface RunOptions {
  /** Stop after the first completed session. */
  readonly once: boolean
  /** Stop after so many ms. */
  readonly forMs: number | undefined
  /** The time that sessions have to finish, as it is set when it comes to that. */
  drainMs(): number
  /** Give up if none of the listener's own addresses has led to it for so many ms; 0: at the start only. @default never */
  readonly unreachableMs: number | undefined
  /** A problem that is there from the beginning. */
  readonly warning: string | undefined
  /** This start has made its party. */
  readonly newParty: boolean
}

/**
 * Runs a listener until something ends it.
 * @throws what `Listener.start` throws; OwnAddressesUnreachableError; StoreError if the store failed on the way, when all has stopped
 */
export async function runListener(
  listener: Listener,
  signals: StopSignals,
  options: RunOptions,
  tell: (event: ListenEvent) => void,
): Promise<void> {
  await listener.start()
  const unreachable = options.unreachableMs === 0 ? await proved(listener) : []
  const status = listener.status()
  const made = options.newParty ? { newParty: true } : {}
  tell({ ...status, ...made, type: 'listening', at: status.startedAt })
  listener.watch(tell)
  const failures = stopBySessions(listener, signals, options)
  const patience = stopIfUnreachable(listener.reach, options.unreachableMs, (error) => {
    failures.push(error)
    signals.stop('unreachable')
  })
  for (const detail of [
    ...unreachable,
    ...(options.warning === undefined ? [] : [options.warning]),
    ...[...status.health.problems, ...status.health.warnings]
      .filter(({ code }) => code !== 'relay_lost')
      .map((each) => each.detail),
    ...httpWarnings(status.http),
  ]) {
    tell({ type: 'problem', at: Date.now(), detail })
  }
  signals.onReload(() => void reload(listener, tell))
  const timer =
    options.forMs === undefined
      ? undefined
      : setTimeout(() => signals.stop('time-is-up'), options.forMs)
  const { reason, drainMs = options.drainMs() } = await signals.first
  clearTimeout(timer)
  patience()
  const countdown = countDown(listener, drainMs, tell)
  const drained = await stop(() => listener.stop(drainMs, reason), failures)
  clearInterval(countdown)
  tell({ type: 'stopped', at: Date.now(), reason, ...drained })
  if (failures.length > 0) throw failures[0]
}

/** Anybody who can reach it may read it: who is served is not in there, but how busy this node is. */
function httpWarnings(http: string | undefined): readonly string[] {
  if (http === undefined || isLoopback(new URL(http).hostname)) return []
  return [`${http} can be read from other computers; best is 127.0.0.1, with a proxy before it`]
}

/** Answers SIGHUP: looks at the settings again. Settings that can't be used are told, and change nothing. */
async function reload(listener: Listener, tell: (event: ListenEvent) => void): Promise<void> {
  try {
    const { changes } = await listener.reload('SIGHUP')
    tell({ type: 'config', at: Date.now(), changes })
  } catch (error) {
    const detail = `the settings stay as they are: ${reportOf(error).message}`
    tell({ type: 'problem', at: Date.now(), detail })
  }
}

/** In words, each address that leads nowhere. If all do, the listener is stopped. */
async function proved(listener: Listener): Promise<readonly string[]> {
  const report = await listener.reach.prove()
  const failed = report.filter(({ problem }) => problem !== undefined)
  if (failed.length < report.length)
    return failed.map(({ address, problem }) => `${address} does not lead here: ${problem}`)
  await listener.stop(0, 'unreachable')
  throw unreachableBy(failed)
}

/** Say at once, and each second, for how many sessions there is how much time left. */
function countDown(
  listener: Listener,
  ms: number,
  tell: (event: ListenEvent) => void,
): NodeJS.Timeout {
  const until = performance.now() + ms
  const say = (): void => {
    const active = listener.manager.getActiveSessionCounts().total
    const left = Math.max(0, Math.round(until - performance.now()))
    if (active > 0) tell({ type: 'draining', at: Date.now(), active, ms: left })
  }
  say()
  return setInterval(say, 1_000)
}

/** A store that can't be written can't note the end either: that is one more failure, not another one. */
async function stop(work: () => Promise<Drained>, failures: unknown[]): Promise<Drained> {
  try {
    return await work()
  } catch (error) {
    failures.push(error)
    return { cut: 0, parked: 0 }
  }
}

/** Stops when a session's end or a failure of the store is a reason to. @returns the store's failures, as they come */
function stopBySessions(
  { manager }: Listener,
  signals: StopSignals,
  { once }: RunOptions,
): unknown[] {
  const failures: unknown[] = []
  manager.on('storeFailed', (error) => {
    // Told by who looks after the disk or the server, and it is over when there is room, or the server is back.
    if (waitsForRoom(error) || waitsForServer(error)) return
    failures.push(error)
    signals.stop('store-failed')
  })
  manager.on('ended', ({ state, tallyId }) => {
    if (once && state === 'COMPLETED' && tallyId !== undefined) signals.stop('once')
  })
  return failures
}
