import type { Role } from '../../src/protocol/base/role.ts'
import type { LinkContent } from '../../src/protocol/link/link-content.ts'
import type { MessageType } from '../../src/protocol/message/messages.ts'
import type { BootstrapOutcome } from '../../src/session/dialer/outcome.ts'
import { notThrownAway, oneTally, secretKept, soundTrail } from './invariants.ts'
import { DEADLINES, Invitee, type Inviter, type Run, Saboteur } from './parties.ts'
import type { FaultPlan, FrameFault } from './wire/frame-fault.ts'
import type { Lateness } from './wire/lateness.ts'
import { type Direction, FaultProxy, type WireFault } from './wire/proxy.ts'

/** The messages of each role, in order, and who sends them. */
const SENDERS = {
  stock: {
    Inspect: 'invitee',
    Offer: 'inviter',
    InboundContact: 'invitee',
    ProvisioningResult: 'inviter',
    Acknowledgment: 'invitee',
  },
  foil: {
    Inspect: 'invitee',
    Offer: 'inviter',
    InboundContact: 'invitee',
    ProvisioningResult: 'inviter',
    DatabaseResult: 'invitee',
    Receipt: 'inviter',
  },
} as const satisfies Record<Role, Partial<Record<MessageType, 'inviter' | 'invitee'>>>

/** What happens to which message. */
export type Trouble =
  | { readonly kind: 'frame'; readonly at: FaultPlan['at']; readonly fault: FrameFault }
  /** From `after` bytes on, counted from the moment before the message leaves, on its way or on the way back. */
  | {
      readonly kind: 'wire'
      readonly way: 'along' | 'back'
      readonly fault: WireFault
      readonly after: number
    }

export interface MessageTrouble {
  readonly role: Role
  readonly message: MessageType
  readonly trouble: Trouble
}

/** Wherever in the whole exchange, handshakes included, these bytes may be. */
export interface ByteTrouble {
  readonly role: Role
  readonly direction: Direction
  readonly fault: WireFault
  readonly after: number
}

export type Combination = MessageTrouble | ByteTrouble

/** Every message of both roles, with every trouble. */
export function combinations(troubles: readonly Trouble[]): readonly MessageTrouble[] {
  return (['stock', 'foil'] as const).flatMap((role) =>
    messagesOf(role).flatMap((message) => troubles.map((trouble) => ({ role, message, trouble }))),
  )
}

function messagesOf(role: Role): readonly MessageType[] {
  return Object.keys(SENDERS[role]) as (keyof (typeof SENDERS)[Role])[]
}

function senderOf(role: Role, message: MessageType): 'inviter' | 'invitee' {
  const senders: Partial<Record<MessageType, 'inviter' | 'invitee'>> = SENDERS[role]
  const sender = senders[message]
  if (sender === undefined) throw new TypeError(`${role} has no ${message}`)
  return sender
}

function nameOf(combination: Combination): string {
  if ('after' in combination) {
    const { role, fault, direction, after } = combination
    return `${role}: ${fault} ${direction} after ${after} bytes`
  }
  const { role, message, trouble } = combination
  const how =
    trouble.kind === 'frame'
      ? `${trouble.fault} ${trouble.at}`
      : `${trouble.fault} ${trouble.way} after ${trouble.after}`
  return `${role} ${message}: ${how}`
}

/** How long the inviter may take to note what came after the outcome, ms: a hang's bound. */
const PATIENCE_MS = 15_000

/** Longer than any deadline of the retry should need. */
const UNDISTURBED = { sessionTimeoutMs: 20_000, stepTimeoutMs: 5_000, provisionTimeoutMs: 5_000 }

/** On a machine that is busy with other things an attempt may end before the message in question. */
const ATTEMPTS = 4

/**
 * One attempt with trouble, and then as many without as the inviter asks for.
 * @returns everything that was not as promised
 */
export async function trial(
  inviter: Inviter,
  combination: Combination,
  lateness: Lateness,
): Promise<readonly string[]> {
  let found: Found = { fired: false, problems: [] }
  for (let left = ATTEMPTS; left > 0 && !found.fired; left -= 1) {
    found = await attempt(inviter, combination, lateness)
  }
  const { problems, fired } = found
  const all = fired ? problems : [...problems, 'it never came to that']
  return all.map((problem) => `${nameOf(combination)}: ${problem}`)
}

interface Found {
  /** The trouble happened. */
  readonly fired: boolean
  readonly problems: readonly string[]
}

async function attempt(
  inviter: Inviter,
  combination: Combination,
  lateness: Lateness,
): Promise<Found> {
  const invitee = await Invitee.create()
  const proxy = new FaultProxy(inviter.port)
  try {
    const link = await inviter.invite(combination.role)
    const sabotage = saboteurs(combination, proxy)
    inviter.saboteurs.set(invitee.peerId, sabotage.inviter)
    const began = performance.now()
    const disturbed = { ...link, addresses: [inviter.by(await proxy.start())] }
    const run = await invitee.redeem(disturbed, DEADLINES, sabotage.invitee)
    const problems = [...inTime(run, lateness.since(began))]
    problems.push(...notThrownAway(inviter.store, invitee.store, invitee.peerId))
    inviter.saboteurs.delete(invitee.peerId)
    await proxy.stop()
    problems.push(...(await settledAfter(inviter, invitee, link)))
    problems.push(...(await soundTrail('the invitee', invitee.store)))
    problems.push(...secretKept('the invitee', invitee.store, link.secret))
    const fired = sabotage.inviter.fired || sabotage.invitee.fired || proxy.struck
    return { fired, problems }
  } finally {
    await proxy.stop()
    await invitee.remove()
  }
}

function saboteurs(combination: Combination, proxy: FaultProxy) {
  if ('after' in combination) {
    const { direction, fault, after } = combination
    proxy.fail(direction, fault, after)
    return { inviter: new Saboteur(), invitee: new Saboteur() }
  }
  const { role, message, trouble } = combination
  const sender = senderOf(role, message)
  const other = sender === 'inviter' ? 'invitee' : 'inviter'
  const nobody = new Saboteur()
  if (trouble.kind === 'frame') {
    const { at, fault } = trouble
    const who = at === 'sending' ? sender : other
    const somebody = new Saboteur({ message, at, fault })
    return { inviter: nobody, invitee: nobody, [who]: somebody }
  }
  const along: Direction = sender === 'invitee' ? 'toListener' : 'toInvitee'
  const back: Direction = sender === 'invitee' ? 'toInvitee' : 'toListener'
  const { way, fault, after } = trouble
  const strike = (): void => proxy.fail(way === 'along' ? along : back, fault, after)
  return {
    inviter: nobody,
    invitee: nobody,
    [sender]: new Saboteur({ message, at: 'sending', fault: strike }),
  }
}

/** A tenth over the configured deadline, and what the machine itself was late; and nothing left behind. */
function inTime({ tookMs, outcome, left }: Run, lateMs: number): readonly string[] {
  const problems = left.streams.map((stream) => `I9: a stream is left: ${stream}`)
  if (left.sessions > 0) problems.push(`I9: ${left.sessions} sessions left`)
  const limit = DEADLINES.sessionTimeoutMs * 1.1 + lateMs
  if (tookMs <= limit) return problems
  const what = outcome.completed ? 'completed' : `${outcome.state} ${outcome.reason}`
  return [...problems, `${what} after ${Math.round(tookMs)} ms, of ${Math.round(limit)}`]
}

/** Ends that only say that this machine was too slow for the inviter's short deadlines. */
const TOO_SLOW: ReadonlySet<string> = new Set(['timed_out', 'step_deadline', 'session_deadline'])

/** Again and again, as long as the inviter asks for patience. */
export async function redeemedInTheEnd(
  invitee: Invitee,
  link: LinkContent,
): Promise<BootstrapOutcome> {
  const until = performance.now() + PATIENCE_MS
  for (;;) {
    const { outcome } = await invitee.redeem(link, UNDISTURBED)
    if (outcome.completed || performance.now() > until) return outcome
    if (outcome.retryAfterMs === undefined && !TOO_SLOW.has(outcome.reason)) return outcome
    await pause(outcome.retryAfterMs ?? 0)
  }
}

/** Without trouble the same link leads to the one tally, on both sides. */
async function settledAfter(
  inviter: Inviter,
  invitee: Invitee,
  link: LinkContent,
): Promise<readonly string[]> {
  const until = performance.now() + PATIENCE_MS
  const outcome = await redeemedInTheEnd(invitee, link)
  if (!outcome.completed) return [`no tally in the end: ${outcome.reason} in ${outcome.step}`]
  for (;;) {
    const problems = oneTally(inviter.store, invitee.store, invitee.peerId)
    if (problems.length === 0 || performance.now() > until) return problems
    await pause(20)
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
