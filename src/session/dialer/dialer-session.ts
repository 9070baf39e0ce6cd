import type { DialerChange, DialerEffect } from '../machine/dialer-effect.ts'
import type { DialerEvent } from '../machine/dialer-event.ts'
import type { DialerState, Plan } from '../machine/dialer-state.ts'
import { dialerStart, dialerStep } from '../machine/dialer-table.ts'
import type { Dialer } from '../ports/dialer.ts'
import type { Transport } from '../ports/transport.ts'
import { SessionAudit } from '../session-audit.ts'
import type { SessionPorts } from '../session-ports.ts'
import { type Machine, SessionRunner } from '../session-runner.ts'
import { applyDialerChange } from './dialer-changes.ts'
import type { DialerDesk } from './dialer-desk.ts'
import { performDialerEffect } from './dialer-effects.ts'
import { dialerFacts, isDialerRecorded } from './dialer-facts.ts'
import { readInviterFrame } from './dialer-frames.ts'

export interface DialerSessionInit {
  readonly plan: Plan
  readonly linkHash: string
  readonly secretText: string
  readonly dialer: Dialer
  readonly ports: SessionPorts
}

/** One run of the invitee's machine. */
export class DialerSession implements DialerDesk {
  readonly ports: SessionPorts
  readonly dialer: Dialer
  readonly audit: SessionAudit
  readonly sessionId: string
  readonly secretText: string
  transport: Transport | undefined
  /** Settles when the stream is over too. */
  closing: Promise<void> = Promise.resolve()
  readonly #linkHash: string
  readonly #runner: SessionRunner<DialerState, DialerEvent, DialerChange, DialerEffect>

  constructor({ plan, linkHash, secretText, dialer, ports }: DialerSessionInit) {
    this.ports = ports
    this.dialer = dialer
    this.sessionId = plan.sessionId
    this.secretText = secretText
    this.#linkHash = linkHash
    this.audit = new SessionAudit('dialer', ports.clock, ports.config.auditLevel)
    this.#runner = new SessionRunner(this.#machine(), dialerStart(plan), {
      side: 'dialer',
      store: ports.store,
      clock: ports.clock,
      deadlines: ports.config,
      observer: {
        moved: (...all) => ports.observer.moved(...all),
        ended: (summary) => ports.observer.ended(summary),
        storeFailed: (error) => {
          this.transport?.reset()
          ports.observer.storeFailed(error)
        },
      },
    })
  }

  get state(): DialerState {
    return this.#runner.state
  }

  get deadline(): number {
    return this.#runner.deadline
  }

  /** Begin. Called once. */
  start(): void {
    this.#runner.start()
    this.#runner.dispatch({ type: 'started' })
  }

  dispatch(event: DialerEvent): void {
    this.#runner.dispatch(event)
  }

  cancel(detail: string): void {
    this.#runner.dispatch({ type: 'cancelled', detail })
  }

  attach(transport: Transport): void {
    this.transport = transport
    transport.listen({
      frame: (payload) => this.#runner.dispatch(readInviterFrame(payload)),
      problem: (problem) => this.#runner.dispatch({ type: 'frameRejected', problem }),
      ended: () => this.#runner.dispatch({ type: 'streamEnded' }),
      closed: () => this.#runner.dispatch({ type: 'streamClosed' }),
    })
  }

  close(): void {
    if (this.transport !== undefined) this.closing = this.transport.close()
  }

  #machine(): Machine<DialerState, DialerEvent, DialerChange, DialerEffect> {
    return {
      step: dialerStep,
      isRecorded: isDialerRecorded,
      facts: dialerFacts,
      apply: (change, transaction) => applyDialerChange(this, this.#linkHash, change, transaction),
      audit: (path, transaction, state) => this.audit.path(transaction, path, dialerFacts(state)),
      perform: (effect, scope) => performDialerEffect(this, effect, scope),
      isInternal: (effect) => effect.type === 'checkResponse' || effect.type === 'close',
      superseded: { type: 'cancelled', detail: 'taken over' },
      stepDeadline: { type: 'stepDeadline' },
      sessionDeadline: { type: 'sessionDeadline' },
    }
  }
}
