import { isFinalState } from '../../../src/session/machine/deadlines.ts'
import type { DialerChange, DialerEffect } from '../../../src/session/machine/dialer-effect.ts'
import type { DialerEvent } from '../../../src/session/machine/dialer-event.ts'
import type { KeptTally } from '../../../src/session/machine/dialer-state.ts'
import { dialerStart, dialerStep } from '../../../src/session/machine/dialer-table.ts'
import type { ListenerEvent } from '../../../src/session/machine/listener-event.ts'
import { listenerStart } from '../../../src/session/machine/listener-table.ts'
import { BOB, built, CONTACT, plan } from '../../support/session/machine/sample-states.ts'
import { feedInviter } from './inviter.ts'
import {
  type Book,
  type InviteeSeat,
  type InviteeWork,
  RuleBrokenError,
  type Scene,
} from './model.ts'

/** The link is run, for the first time or again. */
export function dial(scene: Scene): readonly Scene[] {
  const { role, book } = scene
  const held = book.attempt === 'held' ? { held: 'tally-1' } : {}
  const isKept = book.attempt === 'confirmed' && book.status === 'confirmed'
  const inspectFirst = scene.needsIdentity && !isKept
  const wanted = plan(role, { inspectFirst, ...held, ...(isKept && { kept: keptOf(book) }) })
  const seat: InviteeSeat = {
    state: dialerStart(wanted),
    work: [],
    inbox: [],
    open: false,
    peer: 0,
  }
  const there = { ...scene, dials: scene.dials - 1, invitee: seat }
  return feedInvitee(there, seat, { type: 'started', plan: wanted })
}

export function feedInvitee(scene: Scene, seat: InviteeSeat, event: DialerEvent): readonly Scene[] {
  const { state, changes, effects } = dialerStep(seat.state, event)
  if (isFinalState(seat.state.name) && state.name !== seat.state.name)
    throw new RuleBrokenError(`I5: ${seat.state.name} was left for ${state.name}`)
  const book = changes.reduce(write, scene.book)
  const moved = state.name !== seat.state.name
  const there: InviteeSeat = { ...seat, state, work: moved ? [] : seat.work }
  const durable: Scene = { ...scene, book, invitee: there }
  const steps: Scene[] = [durable]
  for (const effect of effects) steps.push(perform(steps.at(-1) ?? durable, effect))
  const last = steps.at(-1) ?? durable
  if (state.name === 'COMPLETED' && book.status !== 'confirmed')
    throw new RuleBrokenError('I4: the invitee completed without a confirmed tally')
  const whole = isFinalState(state.name) ? hangUp(last) : last
  if (scene.crashes === 0 || (changes.length === 0 && effects.length === 0)) return [whole]
  const broken = steps.slice(0, -1).map(crashInvitee)
  // Nothing of a lost batch is left but the silence.
  return [whole, ...broken, ...(changes.length > 0 ? [crashInvitee(scene)] : [])]
}

export function crashInvitee(scene: Scene): Scene {
  return { ...scene, invitee: undefined, crashes: scene.crashes - 1 }
}

/** It is over; its end of the stream is closed, and what is on its way from it still arrives. */
function hangUp(scene: Scene): Scene {
  return { ...scene, invitee: undefined }
}

function write(book: Book, change: DialerChange): Book {
  const ended = book.attempt === 'confirmed' ? 'confirmed' : 'ended'
  switch (change.type) {
    case 'beginAttempt': {
      const isNew = book.attempt === 'none' || book.attempt === 'ended'
      return isNew ? { ...book, attempt: 'running' } : book
    }
    case 'intendBuild':
    case 'oweRemoval':
      return { ...book, owed: true }
    case 'keepTally':
      return keep(book, change.approval.approvedAt, change.status)
    case 'confirmTally':
      return {
        ...book,
        status: book.status === 'none' ? 'none' : 'confirmed',
        attempt: 'confirmed',
      }
    case 'discardTally':
      return { ...book, tally: 0, status: 'none', attempt: ended }
    case 'withdrawTally':
      return book.status === 'confirmed' ? { ...book, status: 'withdrawn' } : book
    case 'noteDenied':
      throw new RuleBrokenError('I4: an inviter that lost nothing denies a tally')
    case 'endAttempt':
      return { ...book, attempt: ended }
    default:
      return change satisfies never
  }
}

/** The model numbers redemptions by when they were approved, as `claimOf` does. */
function keptOf({ tally: since }: Book): KeptTally {
  return { tallyId: 'tally-1', redemptionId: `redemption-${since}`, since }
}

function keep(book: Book, made: number, status: 'held' | 'confirmed'): Book {
  if (book.status === 'confirmed' && book.tally !== made)
    throw new RuleBrokenError('I4: a confirmed tally was replaced')
  const isConfirmed = book.status === 'confirmed' || status === 'confirmed'
  const attempt = book.attempt === 'confirmed' ? 'confirmed' : status
  return { ...book, tally: made, status: isConfirmed ? 'confirmed' : 'held', attempt, owed: false }
}

function perform(scene: Scene, effect: DialerEffect): Scene {
  switch (effect.type) {
    case 'dial':
      return begun(scene, 'dial')
    case 'sendInspect':
      return begun(tell(scene, { type: 'inspect', tokenId: 't' }), 'sent')
    case 'sendContact':
      return begun(tell(scene, CONTACTING), 'sent')
    case 'sendResult': {
      const { redemptionId, built: made } = effect
      return begun(tell(scene, { type: 'databaseResult', redemptionId, built: made }), 'sent')
    }
    case 'sendAcknowledgment': {
      const { redemptionId, responseHash } = effect
      return begun(tell(scene, { type: 'acknowledgment', redemptionId, responseHash }), 'sent')
    }
    case 'checkResponse':
      return begun(scene, 'check')
    case 'provision':
      return begun(scene, 'provision')
    case 'close':
      return tell(scene, { type: 'streamEnded' })
    case 'reset':
      return tell(scene, { type: 'streamClosed' })
    case 'deprovision':
      return scene
    default:
      return effect satisfies never
  }
}

const CONTACTING: ListenerEvent = { type: 'contact', tokenId: 't', contact: CONTACT, partyId: BOB }

function begun(scene: Scene, work: InviteeWork): Scene {
  const { invitee } = scene
  if (invitee === undefined) return scene
  return { ...scene, invitee: { ...invitee, work: [...invitee.work, work] } }
}

function tell(scene: Scene, event: ListenerEvent): Scene {
  const { invitee } = scene
  if (invitee?.open !== true) return scene
  const inviters = scene.inviters.map((seat) =>
    seat.id === invitee.peer && seat.open ? { ...seat, inbox: [...seat.inbox, event] } : seat,
  )
  return { ...scene, inviters }
}

export function doInviteeWork(scene: Scene, seat: InviteeSeat, index: number): readonly Scene[] {
  const work = seat.work[index]
  const idle: InviteeSeat = { ...seat, work: seat.work.toSpliced(index, 1) }
  const feed = (event: DialerEvent, book: Book = scene.book): readonly Scene[] => {
    const there: Scene = { ...scene, book, invitee: idle }
    const all = feedInvitee(there, idle, event)
    return book === scene.book || scene.crashes === 0 ? all : [...all, crashInvitee(there)]
  }
  switch (work) {
    case 'dial': {
      const unreachable = { type: 'dialFailed', cause: 'unreachable', detail: 'nobody' } as const
      return [...connected(scene, idle), ...feed(unreachable)]
    }
    case 'check':
      return checkWork(scene, idle).flatMap((event) => feed(event))
    case 'provision':
      return provisionWork(scene, idle).flatMap(([event, book]) => feed(event, book))
    case 'sent':
      return [...(seat.open ? feed({ type: 'sent' }) : []), ...feed({ type: 'sendFailed' })]
    case undefined:
      return []
    default:
      return work satisfies never
  }
}

function connected(scene: Scene, idle: InviteeSeat): readonly Scene[] {
  const there = seated(scene)
  const joined = { ...idle, open: true, peer: there.seats }
  return there.inviters
    .slice(-1)
    .flatMap((seat) => feedInviter({ ...there, invitee: joined }, seat, { type: 'opened' }))
    .flatMap((after) =>
      after.inviters.length === 0
        ? [after]
        : feedInvitee(after, joined, { type: 'connected', address: '/a' }),
    )
}

/** A stream has come in at the inviter's. */
function seated(scene: Scene): Scene {
  const id = scene.seats + 1
  const seat = { id, state: listenerStart(`session-${id}`, BOB), work: [], inbox: [], open: true }
  return { ...scene, seats: id, inviters: [...scene.inviters, seat] }
}

/** The invitee's own contact arrives a second time, on a stream of its own. */
export function echo(scene: Scene): readonly Scene[] {
  const there = { ...seated(scene), echoes: scene.echoes - 1 }
  return there.inviters
    .slice(-1)
    .flatMap((seat) => feedInviter(there, seat, { type: 'opened' }))
    .map((after) => ({
      ...after,
      inviters: after.inviters.map((seat) =>
        seat.id === there.seats ? { ...seat, inbox: [CONTACTING] } : seat,
      ),
    }))
}

function checkWork({ book }: Scene, { state }: InviteeSeat): readonly DialerEvent[] {
  if (state.name !== 'VALIDATING_RESPONSE') return []
  const rejected: DialerEvent = { type: 'responseRejected', problem: 'wrong' }
  const conflicts = book.status === 'confirmed' && book.tally !== state.approval.approvedAt
  return conflicts ? [rejected] : [{ type: 'responseAccepted' }, rejected]
}

/** What is held under an older approval is removed first; what is left by accident stands in the way. */
function provisionWork(
  { book }: Scene,
  { state }: InviteeSeat,
): readonly (readonly [DialerEvent, Book])[] {
  if (state.name !== 'PROVISIONING_DB') return []
  const made = state.approval.approvedAt
  const failed: DialerEvent = { type: 'hookFailed', hook: 'database', detail: 'broken' }
  const isStale = book.status === 'held' && book.tally !== made
  if (book.database !== 0 && book.database !== made && !isStale) return [[failed, book]]
  const draft = { text: '{}', sha256: String(made) }
  const after = { ...book, database: made }
  return [
    [{ type: 'provisioned', built: { ...built('foil'), draft } }, after],
    [failed, after],
    [failed, isStale ? { ...book, database: 0 } : book],
  ]
}
