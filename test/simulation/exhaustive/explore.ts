import { isFinalState } from '../../../src/session/machine/deadlines.ts'
import { crashInvitee, dial, doInviteeWork, echo, feedInvitee } from './invitee.ts'
import { crashInviter, doInviterWork, feedInviter, inviterSays, put, released } from './inviter.ts'
import { claimIn, type InviterSeat, keyOf, RuleBrokenError, type Scene } from './model.ts'

/** Everything that can happen next. */
function successors(scene: Scene): readonly Scene[] {
  const { inviters, invitee, ledger, book } = scene
  const next: Scene[] = []
  for (const seat of inviters) next.push(...ofInviter(scene, seat))
  if (invitee !== undefined) {
    invitee.work.forEach((_, index) => void next.push(...doInviteeWork(scene, invitee, index)))
    const [heard, ...later] = invitee.inbox
    if (heard !== undefined) {
      const there = {
        ...invitee,
        inbox: later,
        open: invitee.open && heard.type !== 'streamClosed',
      }
      next.push(...feedInvitee({ ...scene, invitee: there }, there, heard))
    }
    next.push(...feedInvitee(scene, invitee, { type: 'stepDeadline' }))
    if (invitee.open) next.push(...cuts(scene))
  } else if (scene.dials > 0) next.push(...dial(scene))
  if (scene.crashes > 0 && inviters.length > 0) next.push(crashInviter(scene))
  if (scene.crashes > 0 && invitee !== undefined) next.push(crashInvitee(scene))
  if (scene.echoes > 0 && ledger.approval > 0) next.push(...echo(scene))
  if (!ledger.revoked) next.push({ ...scene, ledger: { ...ledger, revoked: true } })
  next.push(...passing(scene))
  if (book.owed && invitee?.state.name !== 'PROVISIONING_DB') next.push(swept(scene))
  return next
}

function ofInviter(scene: Scene, seat: InviterSeat): readonly Scene[] {
  const next = seat.work.flatMap((_, index) => doInviterWork(scene, seat, index))
  const [heard, ...later] = seat.inbox
  if (heard !== undefined) {
    const open = seat.open && heard.type !== 'streamClosed'
    const there = { ...seat, inbox: later, open }
    next.push(...feedInviter(put(scene, there), there, heard))
  }
  // Once it is over, only its stream's own deadline is left.
  if (isFinalState(seat.state.name)) next.push(without(scene, seat))
  else next.push(...feedInviter(scene, seat, { type: 'stepDeadline' }))
  if (scene.invitee?.peer !== seat.id) {
    const there = { ...seat, open: false }
    next.push(...feedInviter(put(scene, there), there, { type: 'streamClosed' }))
  }
  return next
}

function without(scene: Scene, { id }: InviterSeat): Scene {
  return { ...scene, inviters: scene.inviters.filter((each) => each.id !== id) }
}

/** The stream breaks for both, or for one of them; what was on its way arrives, or does not. */
function cuts(scene: Scene): readonly Scene[] {
  const { invitee } = scene
  if (invitee === undefined) return []
  const gone = { ...invitee, open: false }
  const seat = scene.inviters.find(({ id }) => id === invitee.peer)
  const inviteeHears = feedInvitee(
    { ...scene, invitee: { ...gone, inbox: [] } },
    { ...gone, inbox: [] },
    { type: 'streamClosed' },
  )
  // Nothing more comes through, and nobody knows.
  const silent: Scene = {
    ...scene,
    invitee: { ...gone, peer: -1, inbox: [] },
    inviters: scene.inviters.map((each) => (each === seat ? { ...each, inbox: [] } : each)),
  }
  const late: Scene = { ...scene, invitee: { ...gone, peer: -1 } }
  if (seat === undefined) return [...inviteeHears, silent]
  const shut = { ...seat, open: false, inbox: [] }
  const inviterHears = feedInviter(put(scene, shut), shut, { type: 'streamClosed' })
  return [...inviteeHears, ...inviterHears, silent, late]
}

/** What time brings, and other people. */
function passing(scene: Scene): readonly Scene[] {
  const { ledger, inviters } = scene
  const isRunning = inviters.some(({ state }) => claimIn(state) !== undefined)
  const isOpen = !['none', 'committed', 'released'].includes(ledger.state)
  const next: Scene[] = []
  if (isOpen && !isRunning) next.push({ ...scene, ledger: released(ledger) })
  const isFree = ledger.state === 'none' || ledger.state === 'released'
  if (isFree && !ledger.taken && !ledger.revoked)
    next.push({ ...scene, ledger: { ...ledger, taken: true } })
  // Days pass before that: nobody has a session any more.
  const isOffer = ledger.state === 'committed' && !ledger.confirmed && !ledger.withdrawn
  if (isOffer && inviters.length === 0 && scene.invitee === undefined)
    next.push({ ...scene, ledger: { ...ledger, withdrawn: true, owed: true } })
  const isKept = ledger.state === 'committed' && !ledger.withdrawn
  const isWanted = isKept || ledger.state === 'provisioning'
  for (const said of inviterSays(ledger)) next.push({ ...scene, ledger: said })
  if (ledger.word === 'waiting') next.push({ ...scene, ledger: { ...ledger, word: 'none' } })
  if (ledger.owed)
    next.push({
      ...scene,
      ledger: { ...ledger, owed: false, database: isWanted ? ledger.database : 0 },
    })
  return next
}

/** The invitee removes what it owes, unless it keeps it by now. */
function swept(scene: Scene): Scene {
  const { book } = scene
  const database = book.status === 'none' ? 0 : book.database
  return { ...scene, book: { ...book, owed: false, database } }
}

/** I1 to I4, in any scene. @throws RuleBrokenError */
function check({ role, byHand, ledger, book, inviters, invitee }: Scene): void {
  demand(!byHand || ledger.approval <= ledger.yeses, 'H1: a use was taken without a yes')
  const isOurs = ledger.state !== 'none' && ledger.state !== 'released'
  demand(!(ledger.taken && isOurs), 'I1: two have the one use')
  const isBuilding = inviters.some(({ state }) => state.name === 'PROVISIONING_DB')
  const { withdrawn } = ledger
  const isKept = (ledger.state === 'committed' && !withdrawn) || ledger.state === 'provisioning'
  if (role === 'stock') {
    demand(
      ledger.database === 0 || isKept || isBuilding || ledger.owed,
      'I3: the inviter has a database for nobody',
    )
    demand(
      ledger.state !== 'committed' || withdrawn || ledger.database === ledger.approval,
      'I4: what was committed is gone',
    )
  } else {
    const isWanted = book.status !== 'none' || invitee?.state.name === 'PROVISIONING_DB'
    demand(
      book.database === 0 || isWanted || book.owed,
      'I3: the invitee has a database for nobody',
    )
    // What was held under an approval that the inviter has given up may be cleared away for the next one.
    const isCurrent = book.status === 'confirmed' || book.tally === ledger.approval
    const isThere = book.status === 'none' || book.database === book.tally
    demand(isThere || !isCurrent, 'I4: what the invitee keeps is gone')
  }
  if (book.status === 'confirmed')
    demand(
      ledger.state === 'committed' && ledger.approval === book.tally,
      'I4: the invitee is sure of what the inviter does not have',
    )
  if (ledger.confirmed)
    demand(
      book.status !== 'none' && book.tally === ledger.approval,
      'I4: the inviter is sure of what the invitee does not have',
    )
}

function demand(holds: boolean, rule: string): void {
  if (!holds) throw new RuleBrokenError(rule)
}

export interface Explored {
  readonly scenes: number
  readonly inviterStates: ReadonlySet<string>
  readonly inviteeStates: ReadonlySet<string>
  /** One scene for each thing that can be durable when everybody is gone. */
  readonly rests: readonly Scene[]
}

/** Every scene that can be reached, each checked. @throws RuleBrokenError with the way there */
export function explore(start: Scene): Explored {
  const seen = new Set<string>()
  const queue: { readonly scene: Scene; readonly from: Way | undefined }[] = [
    { scene: start, from: undefined },
  ]
  const inviterStates = new Set<string>()
  const inviteeStates = new Set<string>()
  const rests = new Map<string, Scene>()
  for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
    const { scene } = at
    const key = keyOf(scene)
    if (seen.has(key)) continue
    seen.add(key)
    for (const { state } of scene.inviters) inviterStates.add(state.name)
    if (scene.invitee !== undefined) inviteeStates.add(scene.invitee.state.name)
    else rests.set(JSON.stringify([scene.ledger, scene.book]), scene)
    const way: Way = { scene, from: at.from }
    guarded(way, () => {
      check(scene)
      queue.push(...successors(scene).map((next) => ({ scene: next, from: way })))
    })
  }
  return { scenes: seen.size, inviterStates, inviteeStates, rests: [...rests.values()] }
}

interface Way {
  readonly scene: Scene
  readonly from: Way | undefined
}

function guarded(way: Way, work: () => void): void {
  try {
    work()
  } catch (cause) {
    if (!(cause instanceof RuleBrokenError)) throw cause
    const steps: string[] = []
    for (let at: Way | undefined = way; at !== undefined; at = at.from)
      steps.unshift(keyOf(at.scene))
    throw new RuleBrokenError(`${cause.message}\n${steps.join('\n')}`, { cause })
  }
}

/** From here on nothing goes wrong: does the invitee get what is its own, and hear "no" only if it is not? */
export function heals(rest: Scene): 'tally' | 'refused' | 'withdrawn' | 'stuck' {
  let scene: Scene = { ...rest, inviters: [], crashes: 0, echoes: 0, dials: 3 }
  for (let tries = 0; tries < 3; tries += 1) {
    if (scene.ledger.word === 'no') return 'refused'
    const [yes] = inviterSays(scene.ledger)
    if (yes !== undefined) scene = { ...scene, ledger: yes }
    scene = healthyDial(scene)
    if (scene.book.status === 'confirmed') return 'tally'
    if (scene.book.status === 'withdrawn') return 'withdrawn'
    if (scene.book.attempt === 'ended') return 'refused'
    // What is owed is done between two tries.
    if (scene.book.owed) scene = swept(scene)
    if (scene.ledger.owed) scene = passing(scene).at(-1) ?? scene
  }
  return 'stuck'
}

/**
 * What `heals` must come to: who had its half hears that the offer was withdrawn, who never had it hears no. Undefined
 * if a no is as honest as a yes.
 */
export function dueEnd({
  byHand,
  ledger,
  book,
}: Scene): 'tally' | 'refused' | 'withdrawn' | undefined {
  const mayBeRefused = ledger.revoked || ledger.taken || (byHand && ledger.word === 'no')
  if (ledger.state !== 'committed') return mayBeRefused ? undefined : 'tally'
  if (!ledger.withdrawn) return 'tally'
  return book.status === 'none' ? 'refused' : 'withdrawn'
}

function healthyDial(scene: Scene): Scene {
  let at = dial(scene)[0] ?? scene
  for (let turn = 0; turn < 200 && at.invitee !== undefined; turn += 1) at = healthyStep(at)
  return { ...at, inviters: [], invitee: undefined }
}

function healthyStep(scene: Scene): Scene {
  const { invitee, inviters } = scene
  const seat = inviters.find(({ work, inbox }) => work.length + inbox.length > 0)
  if (seat !== undefined) return ofInviter(scene, seat)[0] ?? scene
  if (invitee === undefined) return scene
  if (invitee.work.length > 0) return doInviteeWork(scene, invitee, 0)[0] ?? scene
  const [heard, ...later] = invitee.inbox
  const there = { ...invitee, inbox: later }
  return (
    feedInvitee({ ...scene, invitee: there }, there, heard ?? { type: 'stepDeadline' })[0] ?? scene
  )
}
