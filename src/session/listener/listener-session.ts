import type { PresentedToken } from '../../hooks/session-hooks.ts'
import type { MessageExtent } from '../../protocol/json/message-extent.ts'
import { AnswerError } from '../errors.ts'
import { isFinalState } from '../machine/deadlines.ts'
import type { ListenerChange, ListenerEffect } from '../machine/listener-effect.ts'
import type { Denial, ListenerEvent } from '../machine/listener-event.ts'
import type { ListenerState } from '../machine/listener-state.ts'
import { listenerStart, listenerStep } from '../machine/listener-table.ts'
import type { StoreLookups } from '../ports/lookups.ts'
import type { Transport } from '../ports/transport.ts'
import type { Work, WorkOutcome } from '../ports/work.ts'
import type { LossReason } from '../ports/write.ts'
import { isLastWord, messageIn } from '../run/heard-event.ts'
import type { Party } from '../run/party.ts'
import type { SessionLook, SessionMachine } from '../run/session-machine.ts'
import { SessionRunner } from '../run/session-runner.ts'
import { Transcript } from '../run/transcript.ts'
import { CheckpointExchange } from '../trace/checkpoint-exchange.ts'
import { SessionAudit } from '../trace/session-audit.ts'
import { auditOutcome } from './audit-outcome.ts'
import { BuildPermit } from './build-permit.ts'
import { prepareListenerChange } from './listener-changes.ts'
import type { ListenerContext, ListenerFound, ListenerPorts } from './listener-context.ts'
import { performListenerEffect } from './listener-effects.ts'
import { isRecorded, listenerFacts } from './listener-facts.ts'
import { readInviteeFrame } from './listener-frames.ts'
import { StreamTail } from './stream-tail.ts'
import { TALLY_TAKEN } from './verify-database.ts'

const STRAY_CHECKPOINT: ListenerEvent = { type: 'strayMessage', message: 'Checkpoint' }

/** One run of the inviter's machine over one stream. */
export class ListenerSession implements ListenerContext {
  readonly ports: ListenerPorts
  readonly transport: Transport
  readonly audit: SessionAudit
  readonly transcript = new Transcript('inviter')
  readonly #extent: MessageExtent = { jsonDepth: 0, addresses: 0 }
  readonly checkpoints: CheckpointExchange
  readonly sessionId: string
  readonly peerId: string
  readonly permit: BuildPermit
  /** The stream outlives the session a little. */
  readonly tail: StreamTail
  readonly #runner: SessionRunner<
    ListenerState,
    ListenerEvent,
    ListenerChange,
    ListenerEffect,
    ListenerFound
  >
  /** By token id; no more than the frames of one stream. */
  readonly #presented = new Map<string, PresentedToken>()
  #shown: string | undefined
  /** The answer to the one question that is asked of the port `party`. */
  #party: Party | undefined
  /** Monotonic ms. */
  #heardAt: number

  constructor(transport: Transport, ports: ListenerPorts) {
    this.transport = transport
    this.ports = ports
    this.tail = new StreamTail(transport, ports.clock)
    this.permit = new BuildPermit(ports.breaker)
    this.sessionId = ports.ids.session()
    this.peerId = transport.remotePeer
    this.#heardAt = ports.clock.monotonic()
    this.audit = new SessionAudit('listener', ports.clock, ports.config.auditLevel)
    const { sessionId, peerId } = this
    this.checkpoints = new CheckpointExchange(ports, { side: 'inviter', sessionId, peerId })
    const start = listenerStart(this.sessionId, this.peerId)
    const { store, clock, config, observer } = ports
    this.#runner = new SessionRunner(this.#machine(), start, {
      side: 'listener',
      store,
      clock,
      deadlines: config,
      exchange: () => this.transcript.exchange,
      extent: this.#extent,
      observer: {
        ...observer,
        ended: (...all) => {
          this.#over()
          observer.ended(...all)
        },
        storeFailed: (error) => {
          this.#over()
          transport.reset()
          observer.storeFailed(error)
        },
        inDoubt: () => {
          this.#over()
          transport.reset()
          observer.inDoubt()
        },
      },
    })
  }

  get found(): ListenerFound {
    return this.#runner.found
  }

  get deadline(): number {
    return this.#runner.deadline
  }

  /** Its final state stands, whatever fails from now on. */
  get isEnding(): boolean {
    return this.#runner.isEnding
  }

  get isParked(): boolean {
    const { state } = this.#runner
    return state.name === 'FAILED' && state.failure.reason === 'parked'
  }

  /** How long its peer has had the word and not said anything, ms; 0 if it is this side's turn. */
  get idleMs(): number {
    const { state } = this.#runner
    const isWaiting = state.name === 'READING_REQUEST' && state.busy === 'no'
    return isWaiting ? this.ports.clock.monotonic() - this.#heardAt : 0
  }

  /** Nothing was asked of this node yet but the offer: ending it now takes nothing from anybody. */
  get holdsNothing(): boolean {
    const { state } = this.#runner
    return (
      state.name === 'CREATED' || (state.name === 'READING_REQUEST' && state.busy !== 'decline')
    )
  }

  get party(): Party {
    this.#party ??= this.ports.party()
    return this.#party
  }

  look(): SessionLook {
    return this.#runner.look()
  }

  /** As it was told last, without what may have been lost since. */
  lookBack(): SessionLook {
    return this.#runner.lookBack()
  }

  /** Begins. Called once. */
  start(): void {
    this.#runner.start()
    this.#runner.dispatch({ type: 'opened' })
    this.transport.listen({
      frame: (payload) => this.#read(payload),
      problem: (problem) => this.#runner.dispatch({ type: 'frameRejected', problem }),
      ended: () => this.#runner.dispatch({ type: 'streamEnded' }),
      closed: () => {
        this.tail.end()
        this.#runner.dispatch({ type: 'streamClosed' })
      },
    })
  }

  get shown(): string | undefined {
    return this.#shown
  }

  presented(tokenId: string): PresentedToken | undefined {
    return this.#presented.get(tokenId)
  }

  dispatch(event: ListenerEvent): void {
    this.#runner.dispatch(event)
  }

  ask<Found>(
    question: (lookups: StoreLookups) => Promise<Found>,
    then: (found: Found) => void,
  ): void {
    this.#runner.asked.ask(question, then)
  }

  submit(work: Work, then: (outcome: WorkOutcome, durable: Promise<void>) => void): void {
    this.#runner.asked.submit(work, then)
  }

  /** Ends it, telling the peer why. */
  cancel(denial: Denial): void {
    this.#runner.dispatch({ type: 'cancelled', denial })
  }

  /** Ends it without a word if it waits for the disk. */
  giveUp(): void {
    this.#runner.giveUp()
  }

  /** Ends it because the node stops: tells the peer, and keeps what it holds. */
  park(denial: Denial): void {
    this.#runner.dispatch({ type: 'parked', denial })
  }

  #read(payload: Uint8Array): void {
    this.#heardAt = this.ports.clock.monotonic()
    const read = readInviteeFrame(payload, this.#extent)
    if ('type' in read) {
      if (!this.checkpoints.hear(read)) this.#runner.dispatch(STRAY_CHECKPOINT)
      return
    }
    const { event, presented, receipt, seen } = read
    this.#shown ??= receipt
    this.checkpoints.invited(seen)
    if (presented !== undefined) this.#presented.set(presented.tokenId, presented)
    if (!isLastWord(event)) this.transcript.heard(payload, messageIn(event))
    this.#runner.dispatch(event)
  }

  /** The slot is free; the stream may stay a little, for last words or for the acknowledgment. */
  #over(): void {
    this.permit.settle(this.#runner.state)
    const { stepTimeoutMs } = this.ports.config
    this.tail.begin(stepTimeoutMs, this.#runner.state.name === 'COMPLETED')
  }

  #machine(): SessionMachine<
    ListenerState,
    ListenerEvent,
    ListenerChange,
    ListenerEffect,
    ListenerFound
  > {
    const facts = (state: ListenerState) => listenerFacts(state, this.transport.remoteAddress)
    const { leavesNoTrace = false } = this.ports.hooks.database
    return {
      step: listenerStep,
      isRecorded,
      facts,
      // The redemption's fence is quoted by each change.
      quote: () => [],
      prepare: (change) => prepareListenerChange(this, change),
      trace: (path, state) => {
        const said = isFinalState(state.name) ? this.transcript : undefined
        return [
          ...this.audit.path(path, facts(state), said),
          ...this.checkpoints.settle(),
          ...auditOutcome(this.audit, path, state, facts(state)),
        ]
      },
      applied: (...all) => this.checkpoints.applied(...all),
      perform: (effect, scope) => performListenerEffect(this, effect, scope),
      isInternal: ({ type }) =>
        type === 'delegate' ||
        type === 'verifyAcknowledgment' ||
        (type === 'provision' && leavesNoTrace),
      isCertain: () => false,
      undoneBy: (error) =>
        error instanceof AnswerError ? { type: 'effectFailed', detail: error.message } : undefined,
      lostBy: ({ why }, changes) => listenerLoss(why, changes),
    }
  }
}

/** Tells the session why its work was lost. */
function listenerLoss(why: LossReason, changes: readonly ListenerChange[]): ListenerEvent {
  for (const change of changes) {
    if (why === 'revoked' && 'grant' in change) {
      const { grant, claim } = change
      return { type: 'approvalVoid', grant, claim }
    }
    if (why === 'taken' && change.type === 'commitDelegated')
      return { type: 'databaseRefused', denial: TALLY_TAKEN }
    if (why === 'taken' && change.type === 'commitBuilt')
      return { type: 'provisionRefused', denial: TALLY_TAKEN }
  }
  return { type: 'superseded' }
}
