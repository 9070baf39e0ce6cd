import type { PresentedToken } from '../../hooks/session-hooks.ts'
import type { MessageExtent } from '../../protocol/json/message-extent.ts'
import type { ListenerChange, ListenerEffect } from '../machine/listener-effect.ts'
import type { Denial, ListenerEvent } from '../machine/listener-event.ts'
import type { ListenerState } from '../machine/listener-state.ts'
import { listenerStart } from '../machine/listener-table.ts'
import type { StoreLookups } from '../ports/lookups.ts'
import type { JournalEntry, SessionSummary } from '../ports/session-summary.ts'
import type { Transport } from '../ports/transport.ts'
import type { Party } from '../run/party.ts'
import type { EndOfRun, RunnerObserver } from '../run/runner-init.ts'
import type { SessionLook } from '../run/session-machine.ts'
import { SessionRunner } from '../run/session-runner.ts'
import { Transcript } from '../run/transcript.ts'
import { CheckpointExchange } from '../trace/checkpoint-exchange.ts'
import type { SessionAudit } from '../trace/session-audit.ts'
import { BuildPermit } from './build-permit.ts'
import type { ListenerContext, ListenerFound, ListenerPorts } from './listener-context.ts'
import { ListenerMachine } from './listener-machine.ts'
import { ListenerStream } from './stream/listener-stream.ts'
import type { StreamTail } from './stream/stream-tail.ts'

/** Told of each session's end before anybody else hears of it. */
export type SessionOver = (session: ListenerSession, end: EndOfRun) => void

/** One run of the inviter's machine over one stream. Thousands may wait at a time: all that they share is in `ports`. */
export class ListenerSession implements ListenerContext, RunnerObserver {
  readonly ports: ListenerPorts
  readonly transport: Transport
  readonly transcript = new Transcript('inviter')
  readonly checkpoints: CheckpointExchange
  readonly sessionId: string
  readonly permit: BuildPermit
  readonly #over: SessionOver
  readonly #stream: ListenerStream
  readonly #runner: SessionRunner<
    ListenerState,
    ListenerEvent,
    ListenerChange,
    ListenerEffect,
    ListenerFound
  >
  /** The answer to the one question that is asked of the port `party`. */
  #party: Party | undefined

  constructor(transport: Transport, ports: ListenerPorts, over: SessionOver) {
    this.transport = transport
    this.ports = ports
    this.#over = over
    this.permit = new BuildPermit(ports.breaker)
    this.sessionId = ports.ids.session()
    this.checkpoints = new CheckpointExchange(ports, 'inviter', this)
    this.#stream = new ListenerStream(this)
    const machine = new ListenerMachine(this, this.#stream.extent)
    this.#runner = new SessionRunner(
      machine,
      listenerStart(this.sessionId, this.peerId),
      ports,
      this,
    )
  }

  get audit(): SessionAudit {
    return this.ports.audit
  }

  get peerId(): string {
    return this.transport.remotePeer
  }

  get protocol(): '1.0.0' | undefined {
    return this.transport.protocol
  }

  get found(): ListenerFound {
    return this.#runner.found
  }

  takeResponse(): Uint8Array | undefined {
    return this.#runner.takeFound('response')
  }

  get deadline(): number {
    return this.#runner.deadline
  }

  /** The rest of its stream. */
  get tail(): StreamTail {
    return this.#stream.tail
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
    return isWaiting ? this.#stream.silentMs : 0
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
    this.transport.listen(this.#stream)
  }

  get shown(): string | undefined {
    return this.#stream.shown
  }

  takePresented(tokenId: string): PresentedToken | undefined {
    return this.#stream.takePresented(tokenId)
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

  submit(...all: Parameters<ListenerContext['submit']>): void {
    this.#runner.asked.submit(...all)
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

  // What its runner tells of it.

  moved(summary: SessionSummary, path: readonly JournalEntry[], recorded: boolean): void {
    this.ports.observer.moved(summary, path, recorded)
  }

  /** Nobody waits for its outcome here. */
  certain(): void {}

  ended(summary: SessionSummary, extent: MessageExtent): void {
    this.#leave()
    this.#over(this, { summary })
    this.ports.observer.ended(summary, extent)
  }

  storeFailed(error: unknown): void {
    this.#leave()
    this.transport.reset()
    this.#over(this, { error })
    this.ports.observer.storeFailed(error)
  }

  inDoubt(): void {
    this.#leave()
    this.transport.reset()
    this.#over(this, { inDoubt: true })
    this.ports.observer.inDoubt()
  }

  dropped(): void {
    this.#over(this, { dropped: true })
    this.ports.observer.dropped()
  }

  /** The slot is free; the stream may stay a little, for last words or for the acknowledgment. */
  #leave(): void {
    this.permit.settle(this.#runner.state)
    const { stepTimeoutMs } = this.ports.config
    this.tail.begin(stepTimeoutMs, this.#runner.state.name === 'COMPLETED')
  }
}
