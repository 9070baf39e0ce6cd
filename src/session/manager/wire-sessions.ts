import type { EventEmitter } from 'node:events'
import type { SessionHooks } from '../../hooks/session-hooks.ts'
import { compact } from '../../protocol/base/compact.ts'
import { verifyAside } from '../../protocol/receipt/receipt-signature.ts'
import { ForwardOnlyClock } from '../clock/forward-only-clock.ts'
import { RANDOM_IDS } from '../clock/random-ids.ts'
import { SYSTEM_CLOCK } from '../clock/system-clock.ts'
import { TimeKeepingStore } from '../clock/time-keeping-store.ts'
import type { SessionConfig } from '../config/session-config.ts'
import { BackgroundWork } from '../host/background-work.ts'
import { CircuitBreaker } from '../host/circuit-breaker.ts'
import { TallyDatabases } from '../host/tally-databases.ts'
import type { Clock } from '../ports/clock.ts'
import type { RunnerObserver } from '../run/runner-init.ts'
import { SessionEmitter } from '../trace/session-emitter.ts'
import type { SessionEvents } from '../trace/session-events.ts'
import { type AuditHookPorts, tellHostOfMoves, tellHostOfRecord } from '../trace/tell-audit-hook.ts'
import { TellingStore } from '../trace/telling-store.ts'
import { settleRemovals } from '../upkeep/database-removals.ts'
import type { SessionCorePorts } from './session-core-ports.ts'

/** The parts of a session core that do not depend on its sessions. */
export type Wiring = ReturnType<typeof wireSessions>

/**
 * Builds the parts in the order in which they need each other.
 * @param config read anew each time: its members may change
 * @param target emits the events
 */
export function wireSessions(
  hooks: SessionHooks,
  config: SessionConfig,
  given: SessionCorePorts,
  target: EventEmitter<SessionEvents>,
) {
  const { ids = RANDOM_IDS, processId = '', party, sign, verify = verifyAside, witness } = given
  const clock = forwardOnly(given.clock ?? SYSTEM_CLOCK)
  const background = new BackgroundWork()
  const emitter = new SessionEmitter(target, clock, config)
  const host = {
    hooks,
    clock,
    config,
    hookComplaint: emitter.complain.bind(emitter),
    track: background.track.bind(background),
  }
  const telling = new TellingStore(given.store, {
    recorded: (draft) => tellHostOfRecord(host, draft),
    requestNews: emitter.request.bind(emitter),
  })
  const store = new TimeKeepingStore(telling, clock)
  const breaker = new CircuitBreaker(config, clock, (failures, ms) =>
    emitter.complain(
      'database.provision',
      `failed ${failures} times in a row: a pause of ${ms} ms`,
    ),
  )
  const observer = observeAll(emitter, host)
  const removal = {
    ...host,
    store,
    ids,
    processId,
    isGone: given.isGone?.bind(given),
    databases: new TallyDatabases(),
    storeFailed: observer.storeFailed,
  }
  const ports = {
    ...removal,
    ...compact({ witness }),
    breaker,
    observer,
    party,
    sign,
    verify,
    alarmed: emitter.alarmed.bind(emitter),
    settleRemovals: () => background.track(settleRemovals(removal)),
  }
  return { clock, store, background, emitter, breaker, ports }
}

/** The observer of every session: tells whoever listens to the manager, and the host's audit hook. */
function observeAll(emitter: SessionEmitter, host: AuditHookPorts): RunnerObserver {
  return {
    moved: (summary, path, recorded) => {
      emitter.moved(summary, path)
      if (recorded) tellHostOfMoves(host, summary, path)
    },
    // Only the caller of a redemption needs to know so early.
    certain: () => undefined,
    ended: emitter.ended.bind(emitter),
    storeFailed: emitter.storeFailed.bind(emitter),
    // Each node's own watch tells of a store that stands still: once, and not for each session.
    inDoubt: () => undefined,
    dropped: () => undefined,
  }
}

function forwardOnly(clock: Clock): ForwardOnlyClock {
  return clock instanceof ForwardOnlyClock ? clock : new ForwardOnlyClock(clock)
}
