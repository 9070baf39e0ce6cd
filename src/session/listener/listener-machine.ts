import type { MessageExtent } from '../../protocol/json/message-extent.ts'
import { AnswerError } from '../errors.ts'
import type { StepScope } from '../host/step-scope.ts'
import { isFinalState } from '../machine/deadlines.ts'
import type { ListenerChange, ListenerEffect } from '../machine/listener-effect.ts'
import type { ListenerEvent } from '../machine/listener-event.ts'
import type { ListenerState } from '../machine/listener-state.ts'
import { listenerStep } from '../machine/listener-table.ts'
import type { Exchange, JournalEntry } from '../ports/session-summary.ts'
import type { Applied, Lost, Work } from '../ports/work.ts'
import type { LossReason, Write } from '../ports/write.ts'
import type { PreparedChange, SessionFacts, SessionMachine } from '../run/session-machine.ts'
import type { Transcript } from '../run/transcript.ts'
import { auditOutcome } from './audit-outcome.ts'
import { prepareListenerChange } from './listener-changes.ts'
import type { ListenerContext, ListenerFound } from './listener-context.ts'
import { performListenerEffect } from './listener-effects.ts'
import { isRecorded, listenerFacts } from './listener-facts.ts'
import { TALLY_TAKEN } from './verify-database.ts'

/** The inviter's machine in the surroundings of one session. */
export class ListenerMachine
  implements
    SessionMachine<ListenerState, ListenerEvent, ListenerChange, ListenerEffect, ListenerFound>
{
  readonly side = 'listener'
  readonly #context: ListenerContext
  readonly extent: MessageExtent

  /** @param extent of the messages read on its stream; it grows */
  constructor(context: ListenerContext, extent: MessageExtent) {
    this.#context = context
    this.extent = extent
  }

  /** An older peer has said other bytes than ours, and both sides could not compare them. */
  get exchange(): Exchange | undefined {
    return this.#transcript?.exchange
  }

  step(state: ListenerState, event: ListenerEvent): ReturnType<typeof listenerStep> {
    return listenerStep(state, event)
  }

  isRecorded(state: ListenerState): boolean {
    return isRecorded(state)
  }

  facts(state: ListenerState): SessionFacts {
    return listenerFacts(state, this.#context.transport)
  }

  /** The redemption's fence is quoted by each change. */
  quote(): readonly Write[] {
    return []
  }

  prepare(change: ListenerChange): PreparedChange<ListenerFound> {
    return prepareListenerChange(this.#context, change)
  }

  trace(
    path: readonly JournalEntry[],
    state: ListenerState,
    facts: SessionFacts,
  ): readonly Write[] {
    const { audit, checkpoints } = this.#context
    const said = isFinalState(state.name) ? this.#transcript : undefined
    return [
      ...audit.path(path, facts, said),
      ...checkpoints.settle(),
      ...auditOutcome(audit, path, state, facts),
    ]
  }

  get #transcript(): Transcript | undefined {
    const { protocol, transcript } = this.#context
    return protocol === undefined ? transcript : undefined
  }

  applied(work: Work, applied: Applied, durable: Promise<void>): void {
    this.#context.checkpoints.applied(work, applied, durable)
  }

  perform(effect: ListenerEffect, scope: StepScope): void {
    performListenerEffect(this.#context, effect, scope)
  }

  isInternal({ type }: ListenerEffect): boolean {
    if (type === 'delegate' || type === 'verifyAcknowledgment') return true
    return type === 'provision' && this.#context.ports.hooks.database.leavesNoTrace === true
  }

  isCertain(): boolean {
    return false
  }

  undoneBy(error: unknown): ListenerEvent | undefined {
    return error instanceof AnswerError
      ? { type: 'effectFailed', detail: error.message }
      : undefined
  }

  lostBy({ why }: Lost, changes: readonly ListenerChange[]): ListenerEvent {
    return listenerLoss(why, changes)
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
