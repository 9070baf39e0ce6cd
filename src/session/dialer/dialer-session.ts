import { compact } from '../../protocol/base/compact.ts'
import type { MessageExtent } from '../../protocol/json/message-extent.ts'
import { isFinalState } from '../machine/deadlines.ts'
import type { DialerChange, DialerEffect } from '../machine/dialer-effect.ts'
import type { DialerEvent } from '../machine/dialer-event.ts'
import type { DialerState, Plan } from '../machine/dialer-state.ts'
import { dialerStart, dialerStep } from '../machine/dialer-table.ts'
import type { Dialer } from '../ports/dialer.ts'
import type { StoreLookups } from '../ports/lookups.ts'
import type { LossReason } from '../ports/write.ts'
import { isLastWord, messageIn } from '../run/heard-event.ts'
import type { RunnerEvent, SessionLook, SessionMachine } from '../run/session-machine.ts'
import { SessionRunner } from '../run/session-runner.ts'
import { Transcript } from '../run/transcript.ts'
import { CheckpointExchange } from '../trace/checkpoint-exchange.ts'
import { SessionAudit } from '../trace/session-audit.ts'
import { quoteLease } from './attempt-lease.ts'
import { DialedStream } from './dialed-stream.ts'
import { type LinkKnown, prepareDialerChange } from './dialer-changes.ts'
import type { DialerContext, DialerFound, DialerPorts } from './dialer-context.ts'
import { performDialerEffect } from './dialer-effects.ts'
import { dialerFacts, isDialerRecorded } from './dialer-facts.ts'
import { readInviterFrame } from './dialer-frames.ts'
import { readInviterReceipt } from './dialer-receipts.ts'

export interface DialerSessionInit extends LinkKnown {
  readonly plan: Plan
  readonly secretText: string
  readonly receipt?: string
  readonly dialer: Dialer
  readonly ports: DialerPorts
}

const STRAY_CHECKPOINT: DialerEvent = { type: 'strayMessage', message: 'Checkpoint' }

/** One run of the invitee's machine. */
export class DialerSession implements DialerContext {
  readonly ports: DialerPorts
  readonly dialer: Dialer
  readonly audit: SessionAudit
  readonly transcript = new Transcript('invitee')
  readonly #extent: MessageExtent = { jsonDepth: 0, addresses: 0 }
  readonly checkpoints: CheckpointExchange
  readonly sessionId: string
  readonly peerId: string
  readonly secretText: string
  readonly receipt: string | undefined
  readonly stream = new DialedStream({
    frame: (payload) => this.#read(payload),
    problem: (problem) => this.dispatch({ type: 'frameRejected', problem }),
    ended: () => this.dispatch({ type: 'streamEnded' }),
    closed: (_clean, bound) => this.dispatch(compact({ type: 'streamClosed', bound })),
  })
  readonly #plan: Plan
  readonly #link: LinkKnown
  #disclosed: readonly string[] = []
  readonly #runner: SessionRunner<DialerState, DialerEvent, DialerChange, DialerEffect, DialerFound>

  constructor(init: DialerSessionInit) {
    const { plan, linkHash, after, secretText, dialer, ports } = init
    this.ports = ports
    this.dialer = dialer
    this.sessionId = plan.sessionId
    this.peerId = plan.inviter
    this.#plan = plan
    this.secretText = secretText
    this.receipt = init.receipt
    this.#link = { linkHash, after }
    this.audit = new SessionAudit('dialer', ports.clock, ports.config.auditLevel)
    this.checkpoints = new CheckpointExchange(ports, 'invitee', this)
    this.#runner = new SessionRunner(this.#machine(), dialerStart(plan), ports, {
      ...ports.observer,
      storeFailed: (error) => {
        this.stream.reset()
        ports.observer.storeFailed(error)
      },
      inDoubt: () => {
        this.stream.reset()
        ports.observer.inDoubt()
      },
    })
  }

  get state(): DialerState {
    return this.#runner.state
  }

  get protocol(): '1.0.0' | undefined {
    return this.#plan.protocol
  }

  get found(): DialerFound {
    return this.#runner.found
  }

  /** Names of the fields that have left. */
  get disclosed(): readonly string[] {
    return this.#disclosed
  }

  get deadline(): number {
    return this.#runner.deadline
  }

  look(): SessionLook {
    return this.#runner.look()
  }

  /** Begins. Called once. */
  start(): void {
    this.#runner.start()
    this.checkpoints.prepare()
    this.#runner.dispatch({ type: 'started', plan: this.#plan })
  }

  disclosing(fields: readonly string[]): void {
    this.#disclosed = fields
  }

  dispatch(event: DialerEvent): void {
    this.#runner.dispatch(event)
  }

  ask<Found>(
    question: (lookups: StoreLookups) => Promise<Found>,
    then: (found: Found) => void,
  ): void {
    this.#runner.asked.ask(question, then)
  }

  /** Ends it without a word if it waits for the disk. */
  giveUp(): void {
    this.#runner.giveUp()
  }

  cancel(detail: string): void {
    this.#runner.dispatch({ type: 'cancelled', detail })
  }

  #read(payload: Uint8Array): void {
    const event = readInviterFrame(payload, this.#extent)
    if (event.type === 'Checkpoint') {
      if (!this.checkpoints.hear(event)) this.#runner.dispatch(STRAY_CHECKPOINT)
      return
    }
    if (!isLastWord(event)) this.transcript.heard(payload, messageIn(event))
    this.dispatch(
      event.type === 'receipt' ? { ...event, ...readInviterReceipt(this, event.receipt) } : event,
    )
  }

  #machine(): SessionMachine<DialerState, DialerEvent, DialerChange, DialerEffect, DialerFound> {
    const { leavesNoTrace = false } = this.ports.hooks.database
    // An older peer has said other bytes than ours, and both sides could not compare them.
    const transcript = this.protocol === undefined ? this.transcript : undefined
    return {
      side: 'dialer',
      get exchange() {
        return transcript?.exchange
      },
      extent: this.#extent,
      step: dialerStep,
      isRecorded: isDialerRecorded,
      facts: dialerFacts,
      quote: (before, after) => quoteLease(this, before, after),
      prepare: (change) => prepareDialerChange(this, this.#link, change),
      trace: (path, state, facts) => {
        const said = isFinalState(state.name) ? transcript : undefined
        return [...this.audit.path(path, facts, said), ...this.checkpoints.settle()]
      },
      applied: (...all) => this.checkpoints.applied(...all),
      perform: (effect, scope) => performDialerEffect(this, effect, scope),
      isInternal: ({ type }) =>
        type === 'checkResponse' || type === 'close' || (type === 'provision' && leavesNoTrace),
      // The tally was stored and confirmed before the acknowledgment left.
      isCertain: (before) => before.name === 'ACKNOWLEDGING',
      undoneBy: () => undefined,
      lostBy: ({ why }) => dialerLoss(why),
    }
  }
}

/** Tells the session why its work was lost. */
function dialerLoss(why: LossReason): DialerEvent | RunnerEvent {
  if (why === 'busy') return { type: 'busy' }
  if (why !== 'overtaken') return { type: 'superseded' }
  const detail = 'the database of this tally was taken for left behind'
  return { type: 'hookFailed', hook: 'database', detail }
}
