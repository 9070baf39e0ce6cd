import type { Role } from '../../../../src/protocol/base/role.ts'
import {
  type MessageStep,
  mayRefuse,
  stepsAfter,
} from '../../../../src/protocol/message/message-order.ts'
import type { DialerChange, DialerEffect } from '../../../../src/session/machine/dialer-effect.ts'
import type { DialerEvent } from '../../../../src/session/machine/dialer-event.ts'
import type { DialerState } from '../../../../src/session/machine/dialer-state.ts'
import { dialerStart, dialerStep } from '../../../../src/session/machine/dialer-table.ts'
import type {
  ListenerChange,
  ListenerEffect,
} from '../../../../src/session/machine/listener-effect.ts'
import type { ListenerEvent } from '../../../../src/session/machine/listener-event.ts'
import type { ListenerState } from '../../../../src/session/machine/listener-state.ts'
import { listenerStart, listenerStep } from '../../../../src/session/machine/listener-table.ts'
import {
  approval,
  BOB,
  built,
  CLAIM,
  CONTACT,
  DENIAL,
  grant,
  offer,
  plan,
  refusal,
} from './sample-states.ts'

/** One message on its way, as the order of messages names it. */
type Frame = MessageStep | 'ReceiptRefused' | 'end'

/** Both machines, the wire between them, and what their effects have yet to come to. Plain data: it is its own key. */
export interface Composite {
  readonly role: Role
  readonly listener: ListenerState
  readonly dialer: DialerState
  readonly toListener: readonly Frame[]
  readonly toDialer: readonly Frame[]
  /** Each is one effect under way: the events it may come to. */
  readonly listenerWork: readonly (readonly ListenerEvent[])[]
  readonly dialerWork: readonly (readonly DialerEvent[])[]
  readonly open: boolean
  /** Undefined until the dialer got through. */
  readonly joined: boolean
  /** The last message that each side sent or received. */
  readonly listenerSaw: MessageStep | 'Start'
  readonly dialerSaw: MessageStep | 'Start'
  /** What is durable. */
  readonly listenerHas: 'nothing' | 'reserved' | 'committed' | 'confirmed' | 'released'
  readonly dialerHas: 'nothing' | 'held' | 'confirmed' | 'discarded'
}

export interface WalkOptions {
  readonly role: Role
  readonly identityRequired: boolean
  readonly inspectFirst: boolean
  /** What an earlier session of this redemption came to. */
  readonly before: 'nothing' | 'delegated' | 'committed'
  /** Everything may fail, be refused, be late or be cut; else nothing does. */
  readonly faults: boolean
}

/** A frame that the order of messages does not allow at this place. */
class OrderBrokenError extends Error {
  override readonly name = 'OrderBrokenError'
}

/** Every composite state that can be reached. */
export function walk(options: WalkOptions): readonly Composite[] {
  const seen = new Map<string, Composite>()
  const queue: Composite[] = [start(options)]
  for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
    const key = JSON.stringify(at)
    if (seen.has(key)) continue
    seen.set(key, at)
    queue.push(...successors(at, options))
  }
  return [...seen.values()]
}

function start({ role, inspectFirst, before }: WalkOptions): Composite {
  const isHeld = role === 'foil' && before === 'committed'
  const held = isHeld ? { held: CLAIM.tallyId } : {}
  const wanted = plan(role, { inspectFirst, ...held })
  return {
    role,
    listener: listenerStart('session-1', BOB),
    dialer: dialerStart(wanted),
    toListener: [],
    toDialer: [],
    listenerWork: [],
    dialerWork: [[{ type: 'started', plan: wanted }]],
    open: true,
    joined: false,
    listenerSaw: 'Start',
    dialerSaw: 'Start',
    listenerHas: LEDGER[before],
    dialerHas: isHeld ? 'held' : 'nothing',
  }
}

const LEDGER = { nothing: 'nothing', delegated: 'reserved', committed: 'committed' } as const

function successors(at: Composite, options: WalkOptions): readonly Composite[] {
  const next: Composite[] = []
  at.listenerWork.forEach((events, index) => {
    const rest = { ...at, listenerWork: at.listenerWork.toSpliced(index, 1) }
    const possible = options.faults ? events : events.slice(0, 1)
    next.push(...possible.map((event) => feedListener(rest, event, options)))
  })
  at.dialerWork.forEach((events, index) => {
    const rest = { ...at, dialerWork: at.dialerWork.toSpliced(index, 1) }
    const possible = options.faults ? events : events.slice(0, 1)
    next.push(...possible.map((event) => feedDialer(rest, event)))
  })
  const [forListener, ...later] = at.toListener
  if (at.joined && forListener !== undefined) {
    next.push(hearListener({ ...at, toListener: later }, forListener, options))
  }
  const [forDialer, ...afterwards] = at.toDialer
  if (at.joined && forDialer !== undefined) {
    next.push(hearDialer({ ...at, toDialer: afterwards }, forDialer))
  }
  if (options.faults) next.push(...disturbances(at, options))
  return next
}

function disturbances(at: Composite, options: WalkOptions): readonly Composite[] {
  const ways = [
    feedListener(at, { type: 'stepDeadline' }, options),
    feedListener(at, { type: 'cancelled', denial: DENIAL }, options),
    feedDialer(at, { type: 'stepDeadline' }),
    feedDialer(at, { type: 'cancelled', detail: 'stop' }),
  ]
  return at.joined && at.open ? [...ways, cut(at, options)] : ways
}

/** The connection is lost: what is under way with it. */
function cut(at: Composite, options: WalkOptions): Composite {
  if (!at.open) return at
  const lost = { ...at, open: false, toListener: [], toDialer: [] }
  return feedDialer(feedListener(lost, { type: 'streamClosed' }, options), { type: 'streamClosed' })
}

// ── the inviter ──

function feedListener(at: Composite, event: ListenerEvent, options: WalkOptions): Composite {
  const { state, changes, effects } = listenerStep(at.listener, event)
  const moved = state.name !== at.listener.name
  // What was begun in a state that is left is not listened to any more.
  const listenerWork = moved ? [] : at.listenerWork
  const listenerHas = changes.reduce(afterListenerChange, at.listenerHas)
  const there: Composite = { ...at, listener: state, listenerWork, listenerHas }
  return effects.reduce((now, effect) => doListener(now, effect, options), there)
}

function afterListenerChange(
  has: Composite['listenerHas'],
  { type }: ListenerChange,
): Composite['listenerHas'] {
  switch (type) {
    case 'approve':
    case 'intendProvision':
    case 'delegateProvision':
      return 'reserved'
    case 'commitBuilt':
      return 'committed'
    case 'commitDelegated':
    case 'confirm':
      return 'confirmed'
    case 'release':
      if (has === 'committed' || has === 'confirmed')
        throw new TypeError('released what was promised')
      return 'released'
    case 'decline':
    case 'oweRemoval':
    case 'noteForgery':
      return has
    default:
      return type satisfies never
  }
}

function doListener(at: Composite, effect: ListenerEffect, options: WalkOptions): Composite {
  const { role } = at
  switch (effect.type) {
    case 'describeOffer':
      return work(at, [
        { type: 'offerReady', offer: offer(role), tokenId: 't' },
        refusedToken(),
        hookFailed('token'),
      ])
    case 'claimToken': {
      const held = { grant: grant(role, options.identityRequired ? ['name'] : []), claim: CLAIM }
      const replay: ListenerEvent = { type: 'tokenReplayed', ...held, tallyId: CLAIM.tallyId }
      const fresh: readonly ListenerEvent[] = [
        { type: 'tokenReserved', ...held },
        { type: 'useHeld', ...held },
        { type: 'approvalNeeded', grant: { ...held.grant, byHand: true } },
      ]
      const good = options.before === 'nothing' ? fresh : [replay]
      const bad: readonly ListenerEvent[] = [refusedToken(), hookFailed('token')]
      const gone: ListenerEvent = { type: 'approvalVoid', ...held }
      return work(at, [...good, ...bad, ...(options.before === 'nothing' ? [gone] : [])])
    }
    case 'askHost': {
      const { grant: granted, claim } = effect
      return work(at, [
        { type: 'tokenReserved', grant: granted, claim },
        refusedToken(),
        hookFailed('token'),
      ])
    }
    case 'checkDecline':
      return work(at, [{ type: 'declineRecognised', tokenId: 't' }, refusedToken()])
    case 'checkIdentity':
      return work(at, [
        { type: 'identityAccepted' },
        { type: 'identityRefused', denial: DENIAL },
        hookFailed('identity'),
        { type: 'approvalVoid', grant: effect.grant, claim: CLAIM },
      ])
    case 'provision':
      return work(at, [
        { type: 'provisioned', built: built('stock') },
        { type: 'provisionRefused', denial: DENIAL },
        hookFailed('database'),
        { type: 'superseded' },
      ])
    case 'keepRequest':
      return work(at, [
        {
          type: 'requestKept',
          denial: { code: 'pending', reason: 'not yet' },
          redemptionId: CLAIM.redemptionId,
        },
        refusedToken(),
      ])
    case 'delegate':
      return work(at, [
        { type: 'delegated', buildWithinMs: 1 },
        { type: 'provisionRefused', denial: DENIAL },
      ])
    case 'verifyDatabase':
      if (at.listenerHas !== 'reserved') {
        return work(at, [
          { type: 'databaseReplayed' },
          { type: 'databaseContradicted', denial: DENIAL },
        ])
      }
      return work(at, [
        { type: 'databaseAccepted', built: effect.built },
        { type: 'databaseRefused', denial: DENIAL },
        hookFailed('database'),
        { type: 'superseded' },
      ])
    case 'verifyAcknowledgment': {
      const { type, ...said } = effect
      return work(at, [{ type: 'acknowledgmentVerified', ...said }])
    }
    case 'sendOffer':
      return sendAndHear(at, 'Offer')
    case 'sendStoredResponse':
      return sendAndHear(at, 'Approval')
    case 'sendStoredReceipt':
      return closeListener(say(at, 'Receipt'))
    case 'refuse':
      return closeListener(say(at, 'Refusal'))
    case 'refuseReceipt':
      return closeListener(say(at, 'ReceiptRefused'))
    case 'close':
      return closeListener(at)
    case 'reset':
      return cut(at, options)
    case 'markUsed':
    case 'releaseUse':
    case 'deprovision':
      return at
    default:
      return effect satisfies never
  }
}

function refusedToken(): ListenerEvent {
  return { type: 'tokenRefused', denial: DENIAL, recognised: true, tokenId: 't' }
}

function hookFailed(hook: 'token' | 'identity' | 'database'): ListenerEvent {
  return { type: 'hookFailed', hook, detail: 'broken' }
}

function work(at: Composite, events: readonly ListenerEvent[]): Composite {
  return { ...at, listenerWork: [...at.listenerWork, events] }
}

function sendAndHear(at: Composite, step: MessageStep): Composite {
  const said = say(at, step)
  return work(said, at.open ? [{ type: 'sent' }, { type: 'sendFailed' }] : [{ type: 'sendFailed' }])
}

function say(at: Composite, frame: MessageStep | 'ReceiptRefused'): Composite {
  const step = frame === 'ReceiptRefused' ? 'Receipt' : frame
  const inTurn = stepsAfter(at.listenerSaw, at.role).includes(step)
  const refuses = step === 'Refusal' && mayRefuse(at.listenerSaw, at.role)
  if (!inTurn && !refuses) {
    throw new OrderBrokenError(`the inviter sent ${frame} after ${at.listenerSaw}`)
  }
  const toDialer: readonly Frame[] = at.open ? [...at.toDialer, frame] : at.toDialer
  return { ...at, toDialer, listenerSaw: step }
}

function closeListener(at: Composite): Composite {
  const closed = at.toDialer.at(-1) === 'end' || !at.open
  return closed ? at : { ...at, toDialer: [...at.toDialer, 'end'] }
}

function hearListener(at: Composite, frame: Frame, options: WalkOptions): Composite {
  if (frame === 'end') return feedListener(at, { type: 'streamEnded' }, options)
  const step = frame === 'ReceiptRefused' ? 'Receipt' : frame
  return feedListener({ ...at, listenerSaw: step }, listenerHears(frame), options)
}

function listenerHears(frame: Exclude<Frame, 'end'>): ListenerEvent {
  const { redemptionId } = CLAIM
  switch (frame) {
    case 'Inspect':
      return { type: 'inspect', tokenId: 't' }
    case 'InboundContact':
      return { type: 'contact', tokenId: 't', contact: CONTACT, partyId: BOB }
    case 'DatabaseResult':
      return { type: 'databaseResult', redemptionId, built: built('foil') }
    case 'Acknowledgment':
      return { type: 'acknowledgment', redemptionId, responseHash: 'h', signature: 's' }
    case 'Decline':
      return { type: 'decline', tokenId: 't' }
    default:
      return { type: 'strayMessage', message: 'Offer' }
  }
}

// ── the invitee ──

function feedDialer(at: Composite, event: DialerEvent): Composite {
  const { state, changes, effects } = dialerStep(at.dialer, event)
  const dialerWork = state.name === at.dialer.name ? at.dialerWork : []
  const dialerHas = changes.reduce(afterDialerChange, at.dialerHas)
  const there: Composite = { ...at, dialer: state, dialerWork, dialerHas }
  return effects.reduce(doDialer, there)
}

function afterDialerChange(
  has: Composite['dialerHas'],
  change: DialerChange,
): Composite['dialerHas'] {
  switch (change.type) {
    case 'keepTally':
      return change.status
    case 'confirmTally':
      return 'confirmed'
    case 'discardTally':
      return 'discarded'
    default:
      return has
  }
}

function doDialer(at: Composite, effect: DialerEffect): Composite {
  const broken: DialerEvent = { type: 'hookFailed', hook: 'database', detail: 'broken' }
  switch (effect.type) {
    case 'dial':
      return labour(feedListener({ ...at, joined: true }, { type: 'opened' }, NO_OPTIONS), [
        { type: 'connected', address: '/a' },
        { type: 'dialFailed', cause: 'unreachable', detail: 'nobody' },
      ])
    case 'sendInspect':
      return tell(at, 'Inspect')
    case 'sendContact':
      return tell(at, 'InboundContact')
    case 'sendResult':
      return tell(at, 'DatabaseResult')
    case 'sendAcknowledgment':
      return tell(at, 'Acknowledgment')
    case 'checkResponse':
      return labour(at, [
        { type: 'responseAccepted' },
        { type: 'responseRejected', problem: 'wrong' },
        broken,
      ])
    case 'provision':
      return labour(at, [{ type: 'provisioned', built: built('foil') }, broken])
    case 'close':
      return at.open ? { ...at, toListener: [...at.toListener, 'end'] } : at
    case 'reset':
      return at.open
        ? feedListener(
            { ...at, open: false, toListener: [], toDialer: [] },
            { type: 'streamClosed' },
            NO_OPTIONS,
          )
        : at
    case 'deprovision':
      return at
    default:
      return effect satisfies never
  }
}

/** An inviter that loses its stream asks for nothing that depends on them. */
const NO_OPTIONS: WalkOptions = {
  role: 'stock',
  identityRequired: false,
  inspectFirst: false,
  before: 'nothing',
  faults: true,
}

function labour(at: Composite, events: readonly DialerEvent[]): Composite {
  return { ...at, dialerWork: [...at.dialerWork, events] }
}

function tell(at: Composite, step: MessageStep): Composite {
  if (!stepsAfter(at.dialerSaw, at.role).includes(step)) {
    throw new OrderBrokenError(`the invitee sent ${step} after ${at.dialerSaw}`)
  }
  const toListener: readonly Frame[] = at.open ? [...at.toListener, step] : at.toListener
  const failed: DialerEvent = { type: 'sendFailed' }
  const said = { ...at, toListener, dialerSaw: step }
  return labour(said, at.open ? [{ type: 'sent' }, failed] : [failed])
}

function hearDialer(at: Composite, frame: Frame): Composite {
  if (frame === 'end') return feedDialer(at, { type: 'streamEnded' })
  const step = frame === 'ReceiptRefused' ? 'Receipt' : frame
  return feedDialer({ ...at, dialerSaw: step }, dialerHears(frame, at.role))
}

function dialerHears(frame: Exclude<Frame, 'end'>, role: Role): DialerEvent {
  const receipt = {
    type: 'Receipt',
    redemptionId: CLAIM.redemptionId,
    tallyId: CLAIM.tallyId,
  } as const
  switch (frame) {
    case 'Offer':
      return { type: 'offer', offer: offer(role) }
    case 'Approval':
      return { type: 'approval', approval: approval(role), responseHash: 'h' }
    case 'Refusal':
      return { type: 'refusal', refusal: refusal() }
    case 'Receipt':
      return { type: 'receipt', receipt: { ...receipt, outcome: 'confirmed' } }
    case 'ReceiptRefused':
      return {
        type: 'receipt',
        receipt: { ...receipt, outcome: 'refused', code: 'database_refused' },
      }
    default:
      return { type: 'strayMessage', message: frame }
  }
}
