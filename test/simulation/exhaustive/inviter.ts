import type { RefusalCode } from '../../../src/protocol/message/messages.ts'
import { isFinalState } from '../../../src/session/machine/deadlines.ts'
import type { DialerEvent } from '../../../src/session/machine/dialer-event.ts'
import type {
  ListenerChange,
  ListenerEffect,
} from '../../../src/session/machine/listener-effect.ts'
import type { ListenerEvent } from '../../../src/session/machine/listener-event.ts'
import type { Claim } from '../../../src/session/machine/listener-state.ts'
import { listenerStep } from '../../../src/session/machine/listener-table.ts'
import {
  approval,
  built,
  DENIAL,
  grant,
  grantByHand,
  offer,
  refusal,
} from '../../support/session/machine/sample-states.ts'
import {
  claimIn,
  claimOf,
  type InviterSeat,
  type InviterWork,
  type Ledger,
  RuleBrokenError,
  type Scene,
} from './model.ts'

/** What one event leads to: everything goes well, or the process dies after some of the effects. */
export function feedInviter(
  scene: Scene,
  seat: InviterSeat,
  event: ListenerEvent,
): readonly Scene[] {
  const { state, changes, effects } = listenerStep(seat.state, event)
  if (isFinalState(seat.state.name) && state.name !== seat.state.name)
    throw new RuleBrokenError(`I5: ${seat.state.name} was left for ${state.name}`)
  const written = changes.reduce<Ledger | 'lost' | 'revoked'>(
    (ledger, change) => (typeof ledger === 'string' ? ledger : write(ledger, change, seat)),
    scene.ledger,
  )
  if (written === 'lost') return feedInviter(scene, seat, { type: 'superseded' })
  if (written === 'revoked') {
    const told = { grant: grantOf(scene), claim: claimOf(scene.ledger) }
    return feedInviter(scene, seat, { type: 'approvalVoid', ...told })
  }
  const moved = state.name !== seat.state.name
  // What was begun in a state that is left is not listened to any more.
  const there: InviterSeat = { ...seat, state, work: moved ? [] : seat.work }
  const durable = put({ ...scene, ledger: written }, there)
  const steps: Scene[] = [durable]
  for (const effect of effects) steps.push(perform(steps.at(-1) ?? durable, seat.id, effect))
  const whole = tidy(steps.at(-1) ?? durable, seat.id)
  if (scene.crashes === 0 || (changes.length === 0 && effects.length === 0)) return [whole]
  const broken = steps.slice(0, -1).map(crashInviter)
  return [whole, ...broken, ...(changes.length > 0 ? [loseBatch(scene, seat)] : [])]
}

/** The process is gone, with all its sessions. Each stream's other end hears of it, or does not. */
export function crashInviter(scene: Scene): Scene {
  return { ...scene, inviters: [], crashes: scene.crashes - 1 }
}

/** The disk did not take it: this session is dropped without a word. */
function loseBatch(scene: Scene, { id }: InviterSeat): Scene {
  const inviters = scene.inviters.filter((each) => each.id !== id)
  return { ...scene, inviters, crashes: scene.crashes - 1 }
}

export function put(scene: Scene, seat: InviterSeat): Scene {
  const inviters = scene.inviters.map((each) => (each.id === seat.id ? seat : each))
  return { ...scene, inviters }
}

/** A session that is over, and whose stream nobody needs, is forgotten. */
function tidy(scene: Scene, id: number): Scene {
  const inviters = scene.inviters.filter(({ id: own, state, open }) => {
    if (own !== id || !isFinalState(state.name)) return true
    return state.name === 'COMPLETED' && state.awaitsAck && open
  })
  return { ...scene, inviters }
}

function grantOf({ role, needsIdentity, byHand }: Scene) {
  const required = needsIdentity ? ['name'] : []
  return byHand ? grantByHand(role, required) : grant(role, required)
}

/** Is this claim the one that stands? */
function stands({ state, fence, approval: made }: Ledger, claim: Claim): boolean {
  const isOpen = state === 'reserved' || state === 'provisioning' || state === 'delegated'
  return isOpen && claim.fence === fence && claim.approvedAt === made
}

function write(
  ledger: Ledger,
  change: ListenerChange,
  { state }: InviterSeat,
): Ledger | 'lost' | 'revoked' {
  switch (change.type) {
    case 'approve':
      return ifAllowed(ledger, change.claim, { allowed: ledger.fence })
    case 'intendProvision':
      return ifAllowed(ledger, change.claim, { state: 'provisioning', owed: false })
    case 'delegateProvision':
      if (ledger.allowed !== ledger.fence) return 'lost'
      return ifAllowed(ledger, change.claim, { state: 'delegated', allowed: 0 })
    case 'commitBuilt':
      return stands(ledger, change.claim) ? { ...ledger, state: 'committed' } : 'lost'
    case 'commitDelegated':
      return stands(ledger, change.claim)
        ? { ...ledger, state: 'committed', confirmed: true }
        : 'lost'
    case 'confirm': {
      const isIt = change.redemptionId === claimOf(ledger).redemptionId
      const isThere = ledger.state === 'committed' && !ledger.withdrawn
      return isThere && isIt ? { ...ledger, confirmed: true } : ledger
    }
    case 'release':
      if (claimIn(state) === undefined) throw new RuleBrokenError('released without a claim')
      return stands(ledger, change.claim) ? released(ledger) : ledger
    case 'oweRemoval':
      return { ...ledger, owed: true }
    case 'decline':
    case 'noteForgery':
      return ledger
    default:
      return change satisfies never
  }
}

function ifAllowed(
  ledger: Ledger,
  claim: Claim,
  change: Partial<Ledger>,
): Ledger | 'lost' | 'revoked' {
  if (!stands(ledger, claim)) return 'lost'
  return ledger.revoked ? 'revoked' : { ...ledger, ...change }
}

/** The use is free again, and what was built for it has to go. */
export function released(ledger: Ledger): Ledger {
  return { ...ledger, state: 'released', owed: ledger.owed || ledger.state === 'provisioning' }
}

function perform(scene: Scene, id: number, effect: ListenerEffect): Scene {
  switch (effect.type) {
    case 'describeOffer':
      return begun(scene, id, 'offer')
    case 'claimToken':
      return begun(scene, id, 'claim')
    case 'checkIdentity':
      return begun(scene, id, 'identity')
    case 'keepRequest':
      return begun(scene, id, 'keep')
    case 'provision':
      return begun(scene, id, 'provision')
    case 'delegate':
      return begun(scene, id, 'delegate')
    case 'verifyDatabase':
      return begun(scene, id, 'verify')
    case 'sendOffer':
      return begun(
        say(scene, id, {
          type: 'offer',
          offer: { ...offer(scene.role), required: grantOf(scene).required },
        }),
        id,
        'sent',
      )
    case 'sendStoredResponse':
      return begun(say(scene, id, approvalOf(scene)), id, 'sent')
    case 'sendStoredReceipt':
      return close(say(scene, id, receiptOf(scene.ledger.approval, 'confirmed')), id)
    case 'refuse':
      return close(say(scene, id, { type: 'refusal', refusal: refusal(effect.denial.code) }), id)
    case 'refuseReceipt':
      return close(say(scene, id, receiptOf(effect.claim.approvedAt, 'refused')), id)
    case 'close':
      return close(scene, id)
    case 'reset':
      return close(scene, id, { type: 'streamClosed' })
    case 'askHost':
    case 'checkDecline':
    // Nobody signs receipts here: the walk of both machines over one stream has that.
    case 'verifyAcknowledgment':
    case 'markUsed':
    case 'releaseUse':
    case 'deprovision':
      return scene
    default:
      return effect satisfies never
  }
}

function approvalOf({ role, ledger }: Scene): DialerEvent {
  const made = ledger.approval
  const said = { ...approval(role), redemptionId: claimOf(ledger).redemptionId, approvedAt: made }
  const draft = { text: '{}', sha256: String(made) }
  const withBuilt = role === 'stock' ? { built: { ...built(role), draft } } : {}
  return { type: 'approval', approval: { ...said, ...withBuilt }, responseHash: 'h' }
}

function receiptOf(made: number, outcome: 'confirmed' | 'refused'): DialerEvent {
  const receipt = {
    type: 'Receipt',
    redemptionId: `redemption-${made}`,
    tallyId: 'tally-1',
  } as const
  const why = outcome === 'refused' ? { code: 'database_refused' as const } : {}
  return { type: 'receipt', receipt: { ...receipt, outcome, ...why } }
}

function begun(scene: Scene, id: number, work: InviterWork): Scene {
  const seat = scene.inviters.find((each) => each.id === id)
  return seat === undefined ? scene : put(scene, { ...seat, work: [...seat.work, work] })
}

/** On its way to the invitee, if it still listens. */
function say(scene: Scene, id: number, event: DialerEvent): Scene {
  const { invitee } = scene
  const seat = scene.inviters.find((each) => each.id === id)
  if (invitee?.peer !== id || !invitee.open || seat?.open !== true) return scene
  return { ...scene, invitee: { ...invitee, inbox: [...invitee.inbox, event] } }
}

function close(scene: Scene, id: number, last: DialerEvent = { type: 'streamEnded' }): Scene {
  return say(scene, id, last)
}

/** What a piece of work may come to, with what it leaves behind. */
export function doInviterWork(scene: Scene, seat: InviterSeat, index: number): readonly Scene[] {
  const work = seat.work[index]
  const idle: InviterSeat = { ...seat, work: seat.work.toSpliced(index, 1) }
  const feed = (event: ListenerEvent, ledger: Ledger = scene.ledger): readonly Scene[] => {
    const there = put({ ...scene, ledger }, idle)
    const all = feedInviter(there, idle, event)
    // It dies between the writing and the event.
    return ledger === scene.ledger || scene.crashes === 0 ? all : [...all, crashInviter(there)]
  }
  const failed = (hook: 'token' | 'identity' | 'database') =>
    feed({ type: 'hookFailed', hook, detail: 'broken' })
  switch (work) {
    case 'offer':
      return [...offerWork(scene).flatMap((event) => feed(event)), ...failed('token')]
    case 'claim':
      return [...claimWork(scene, seat, feed), ...failed('token')]
    case 'identity':
      return [
        ...feed({ type: 'identityAccepted' }),
        ...feed({ type: 'identityRefused', denial: DENIAL }),
        ...failed('identity'),
      ]
    case 'keep':
      return keepWork(scene, feed)
    case 'provision':
      return [
        ...builtBy(scene, idle).flatMap(([event, ledger]) => feed(event, ledger)),
        ...failed('database'),
      ]
    case 'delegate':
      return feed({ type: 'delegated', buildWithinMs: 1 })
    case 'verify':
      return verifyWork(scene, seat).flatMap((event) => feed(event))
    case 'sent':
      return [...(seat.open ? feed({ type: 'sent' }) : []), ...feed({ type: 'sendFailed' })]
    case undefined:
      return []
    default:
      return work satisfies never
  }
}

function offerWork(scene: Scene): readonly ListenerEvent[] {
  const { ledger } = scene
  const required = grantOf(scene).required
  if (ledger.withdrawn) return [turnedAway('withdrawn')]
  if (ledger.revoked && !isAnswered(ledger)) return [turnedAway('revoked')]
  return isFresh(ledger) && ledger.taken
    ? [turnedAway('used')]
    : [{ type: 'offerReady', offer: { ...offer(scene.role), required }, tokenId: 't' }]
}

function isFresh({ state }: Ledger): boolean {
  return state === 'none' || state === 'released'
}

function isAnswered({ state }: Ledger): boolean {
  return state === 'committed' || state === 'delegated'
}

function refused(code: RefusalCode): ListenerEvent {
  return { type: 'tokenRefused', denial: { ...DENIAL, code }, recognised: true, tokenId: 't' }
}

/** A look leaves a trace only if an alarm is about it. */
function turnedAway(code: RefusalCode): ListenerEvent {
  return {
    type: 'tokenRefused',
    denial: { ...DENIAL, code },
    recognised: code === 'used',
    tokenId: 't',
  }
}

/** The judge, in short: what this peer has comes first, and the last use is nobody else's. */
function claimWork(
  scene: Scene,
  seat: InviterSeat,
  feed: (event: ListenerEvent, ledger?: Ledger) => readonly Scene[],
): readonly Scene[] {
  const { ledger } = scene
  const isRunning = scene.inviters.some(
    ({ id, state }) => id !== seat.id && claimIn(state) !== undefined,
  )
  const fresh = isFresh(ledger)
  if (ledger.withdrawn) return feed(refused('withdrawn'))
  if (ledger.revoked && !isAnswered(ledger)) return feed(refused('revoked'))
  if (ledger.state !== 'committed' && isRunning) return feed(refused('in_progress'))
  if (fresh && ledger.taken) return feed(refused('used'))
  if (fresh && scene.byHand) return askWork(scene, feed)
  const over: Ledger = { ...ledger, fence: ledger.fence + 1, allowed: 0 }
  const next: Ledger = fresh ? { ...over, state: 'reserved', approval: ledger.approval + 1 } : over
  const known = {
    grant: grantOf(scene),
    claim: claimOf(ledger.state === 'committed' ? ledger : next),
  }
  return isAnswered(ledger)
    ? feed(
        { type: 'tokenReplayed', ...known, tallyId: 'tally-1' },
        ledger.state === 'committed' ? ledger : next,
      )
    : feed({ type: 'tokenReserved', ...known }, next)
}

type Feed = (event: ListenerEvent, ledger?: Ledger) => readonly Scene[]

/** Nothing is reserved but by the inviter's yes. */
function askWork(scene: Scene, feed: Feed): readonly Scene[] {
  switch (scene.ledger.word) {
    case 'none':
      return feed({ type: 'approvalNeeded', grant: grantOf(scene) })
    case 'waiting':
      return feed(refused('pending'))
    case 'no':
      return feed(refused('denied'))
    default:
      return scene.ledger.word satisfies never
  }
}

/** The request is kept, unless the inviter has said no, or it is kept already. */
function keepWork({ ledger }: Scene, feed: Feed): readonly Scene[] {
  if (ledger.word === 'no') return feed(refused('denied'))
  if (ledger.word === 'waiting' || !isFresh(ledger)) return feed(refused('in_progress'))
  const denial = { ...DENIAL, code: 'pending' } as const
  const { redemptionId } = claimOf({ ...ledger, approval: ledger.approval + 1 })
  return feed({ type: 'requestKept', denial, redemptionId }, { ...ledger, word: 'waiting' })
}

/** What the inviter may say to what waits. A yes takes the use, under a fence of its own. */
export function inviterSays(ledger: Ledger): readonly Ledger[] {
  if (ledger.word !== 'waiting') return []
  const { fence, approval: made, yeses } = ledger
  const reserved = { state: 'reserved', fence: fence + 1, allowed: 0, approval: made + 1 } as const
  const isFree = isFresh(ledger) && !ledger.taken && !ledger.revoked
  const yes: Ledger = { ...ledger, ...reserved, word: 'none', yeses: yeses + 1 }
  return [...(isFree ? [yes] : []), { ...ledger, word: 'no' }]
}

/** The host builds it, or breaks after it has. */
function builtBy(
  { ledger, role }: Scene,
  { state }: InviterSeat,
): readonly (readonly [ListenerEvent, Ledger])[] {
  const made = claimIn(state)?.approvedAt ?? 0
  // What is left of an earlier approval stands in the way.
  if (ledger.database !== 0 && ledger.database !== made) return []
  const after = { ...ledger, database: made }
  const draft = { text: '{}', sha256: String(made) }
  return [
    [{ type: 'provisioned', built: { ...built(role), draft } }, after],
    [{ type: 'hookFailed', hook: 'database', detail: 'broke afterwards' }, after],
  ]
}

function verifyWork({ ledger }: Scene, { state }: InviterSeat): readonly ListenerEvent[] {
  const claim = claimIn(state)
  if (claim === undefined) return []
  if (ledger.state === 'committed' && ledger.approval === claim.approvedAt)
    return [{ type: 'databaseReplayed' }]
  const draft = { text: '{}', sha256: String(claim.approvedAt) }
  return [
    { type: 'databaseAccepted', built: { ...built('foil'), draft } },
    { type: 'databaseRefused', denial: DENIAL },
    { type: 'hookFailed', hook: 'database', detail: 'broken' },
  ]
}
