import type { PresentedToken } from '../../hooks/session-hooks.ts'
import type { FrameProblem } from '../../protocol/frame-problem.ts'
import { isFinal } from '../machine/deadlines.ts'
import type { ListenerChange, ListenerEffect } from '../machine/listener-effect.ts'
import type { Denial, ListenerEvent } from '../machine/listener-event.ts'
import type { ListenerState } from '../machine/listener-state.ts'
import { listenerStart, listenerStep } from '../machine/listener-table.ts'
import type { Timer } from '../ports/clock.ts'
import type { Transport } from '../ports/transport.ts'
import { SessionAudit } from '../session-audit.ts'
import type { SessionPorts } from '../session-ports.ts'
import { type Machine, SessionRunner } from '../session-runner.ts'
import { applyListenerChange } from './listener-changes.ts'
import type { ListenerDesk } from './listener-desk.ts'
import { performListenerEffect } from './listener-effects.ts'
import { isRecorded, listenerFacts } from './listener-facts.ts'
import { readInviteeFrame } from './listener-frames.ts'

const SUPERSEDED: Denial = {
  code: 'in_progress',
  reason: 'another session of yours took over',
  retryAfterMs: 1_000,
}

/** Which redemptions are under way in this process. */
export interface RunningRedemptions {
  has(redemptionId: string): boolean
  add(redemptionId: string): void
  delete(redemptionId: string): void
}

/** One run of the inviter's machine over one stream. */
export class ListenerSession implements ListenerDesk {
  readonly ports: SessionPorts
  readonly transport: Transport
  readonly audit: SessionAudit
  readonly sessionId: string
  readonly peerId: string
  presented: PresentedToken | undefined
  response: Uint8Array | undefined
  readonly #running: RunningRedemptions
  readonly #runner: SessionRunner<ListenerState, ListenerEvent, ListenerChange, ListenerEffect>
  #redemptionId: string | undefined
  #linger: Timer | undefined
  #streamOver = false

  constructor(transport: Transport, ports: SessionPorts, running: RunningRedemptions) {
    this.transport = transport
    this.ports = ports
    this.#running = running
    this.sessionId = ports.ids.session()
    this.peerId = transport.remotePeer
    this.audit = new SessionAudit('listener', ports.clock, ports.config.auditLevel)
    const start = listenerStart(this.sessionId, this.peerId)
    this.#runner = new SessionRunner(this.#machine(), start, {
      side: 'listener',
      store: ports.store,
      clock: ports.clock,
      deadlines: ports.config,
      observer: {
        moved: (...all) => ports.observer.moved(...all),
        ended: (summary) => {
          this.#over()
          ports.observer.ended(summary)
        },
        storeFailed: (error) => {
          this.#over()
          transport.reset()
          ports.observer.storeFailed(error)
        },
      },
    })
  }

  get state(): ListenerState {
    return this.#runner.state
  }

  get deadline(): number {
    return this.#runner.deadline
  }

  /** Begin. Called once. */
  start(): void {
    this.#runner.start()
    this.#runner.dispatch({ type: 'opened' })
    this.transport.listen({
      frame: (payload) => this.#read(payload),
      problem: (problem: FrameProblem) => this.#runner.dispatch({ type: 'frameRejected', problem }),
      ended: () => this.#runner.dispatch({ type: 'streamEnded' }),
      closed: () => {
        this.#streamOver = true
        this.#linger?.clear()
        this.#runner.dispatch({ type: 'streamClosed' })
      },
    })
  }

  dispatch(event: ListenerEvent): void {
    this.#runner.dispatch(event)
  }

  /** End it, telling the peer why. */
  cancel(denial: Denial): void {
    this.#runner.dispatch({ type: 'cancelled', denial })
  }

  isRunning(redemptionId: string): boolean {
    return redemptionId !== this.#redemptionId && this.#running.has(redemptionId)
  }

  runs(redemptionId: string): void {
    this.#redemptionId = redemptionId
    this.#running.add(redemptionId)
  }

  #read(payload: Uint8Array): void {
    const { event, presented } = readInviteeFrame(payload)
    if (presented !== undefined && this.presented === undefined) this.presented = presented
    this.#runner.dispatch(event)
  }

  /** The slot is free; the stream may stay a little for the acknowledgment. */
  #over(): void {
    if (this.#redemptionId !== undefined) this.#running.delete(this.#redemptionId)
    if (this.#streamOver || this.state.name !== 'COMPLETED') return
    const { clock, config } = this.ports
    this.#linger = clock.after(config.stepTimeoutMs, () => void this.transport.close())
  }

  #machine(): Machine<ListenerState, ListenerEvent, ListenerChange, ListenerEffect> {
    return {
      step: listenerStep,
      isRecorded,
      facts: (state) => listenerFacts(state, this.transport.remoteAddress),
      apply: (change, transaction) => applyListenerChange(this, change, transaction),
      audit: (path, transaction, state) =>
        this.audit.path(transaction, path, listenerFacts(state, this.transport.remoteAddress)),
      perform: (effect, scope) => performListenerEffect(this, effect, scope),
      isInternal: (effect) => effect.type === 'delegate',
      superseded: { type: 'cancelled', denial: SUPERSEDED },
      stepDeadline: { type: 'stepDeadline' },
      sessionDeadline: { type: 'sessionDeadline' },
    }
  }

  /** True once the session is over, its stream perhaps not. */
  get ended(): boolean {
    return isFinal(this.state.name)
  }
}
