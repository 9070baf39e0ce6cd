import type { IdentityBundle } from '../../../src/protocol/message/messages.ts'
import type { BootstrapOutcome } from '../../../src/session/dialer/outcome.ts'
import type { Chaos } from '../chaos.ts'
import type { Complain } from '../checks/violation.ts'
import { redeemWaiting, WAIT_MS } from '../redeem-waiting.ts'
import type { Invitation } from './invitation.ts'
import type { Life } from './life.ts'
import type { Network } from './network.ts'
import type { PartyNode, Running } from './party-node.ts'
import type { Timeline } from './timeline.ts'
import { WORLD } from './timeline.ts'
import type { Trace } from './trace.ts'

/** A session may last so long, and a little for its end. */
const HANG_MS = 30_000 * 1.1 + 3_000

/** What somebody who redeems needs of the world. */
interface Around {
  readonly timeline: Timeline
  readonly trace: Trace
  readonly chaos: Chaos
  readonly network: Network
  /** Whoever redeems waits, as with `--wait`. */
  readonly waits: boolean
  readonly judge: { broken: Complain; heard(asking: Asking, outcome: BootstrapOutcome): void }
}

const LAST_WORDS: ReadonlySet<string> = new Set([
  'expired',
  'revoked',
  'used',
  'withdrawn',
  'invalid_token',
  'identity_required',
  'denied',
])

/** Somebody redeems a link, again and again until it is done, as people do. */
export class Asking {
  readonly node: PartyNode
  readonly invitation: Invitation
  readonly another: boolean
  identity: IdentityBundle
  readonly outcomes: BootstrapOutcome[] = []
  /** How often it was run. */
  asks = 0
  /** Nothing went wrong from the beginning to the end of the last try. */
  wasHealthy = false
  readonly #around: Around
  readonly #tries = new Set<{ readonly life: Life }>()

  constructor(
    around: Around,
    node: PartyNode,
    invitation: Invitation,
    { identity, another }: { readonly identity: IdentityBundle; readonly another: boolean },
  ) {
    this.#around = around
    this.node = node
    this.invitation = invitation
    this.identity = identity
    this.another = another
  }

  /** Tries whose process still lives. */
  get pending(): number {
    return [...this.#tries].filter(({ life }) => life.alive).length
  }

  get last(): BootstrapOutcome | undefined {
    return this.outcomes.at(-1)
  }

  get completed(): boolean {
    return this.outcomes.some(({ completed }) => completed)
  }

  /** Run the link once, if there is a process to run it. */
  ask(timeoutMs?: number): void {
    const { current } = this.node
    if (current === undefined) return
    const { life } = current
    const { trace, judge, timeline, chaos, waits } = this.#around
    trace.say(() => `${life.name}: redeems ${this.invitation.tokenId}`)
    const trying = { life }
    this.#tries.add(trying)
    this.asks += 1
    const isHealthy = !chaos.raging
    const over = this.#redeem(current, timeoutMs)
    const hangs = timeline.after(HANG_MS + (waits ? WAIT_MS + HANG_MS : 0), life, () => {
      if (life.hasPaused) return
      judge.broken('liveness', `${life.name}: redeeming did not come to an end`)
    })
    const heard = over.then(
      (outcome) => this.#heard(outcome, life.alive, isHealthy),
      (error: unknown) => trace.say(() => `${life.name}: redeeming failed: ${String(error)}`),
    )
    void heard.finally(() => {
      hangs.clear()
      this.#tries.delete(trying)
    })
  }

  #redeem({ life, manager, clock }: Running, timeoutMs?: number): Promise<BootstrapOutcome> {
    const { network, waits, chaos } = this.#around
    const { identity, another, invitation, node } = this
    const { cadre } = node.party
    const request = { link: invitation.link, identity, cadre, another }
    const redeem = (limit: { readonly timeoutMs?: number }) =>
      manager.redeem({ ...request, ...limit }, network.dialerFor(life, node.peerId))
    if (!waits) return redeem(timeoutMs === undefined ? {} : { timeoutMs })
    const lines = network.dialerFor(life, node.peerId, 'line')
    return redeemWaiting({ clock, chaos, inviter: invitation.inviter.peerId, lines, redeem })
  }

  /** And again after these pauses, ms, until it is done. */
  askAgain(pauses: readonly number[]): void {
    const [pause, ...later] = pauses
    if (pause === undefined) return
    this.#around.timeline.after(pause, WORLD, () => {
      if (this.isSettled) return
      if (this.pending === 0) this.ask()
      this.askAgain(later)
    })
  }

  /** In a healthy world this answer is the last word. */
  get isSettled(): boolean {
    const { last, pending } = this
    if (pending > 0 || last === undefined || !this.wasHealthy) return false
    return last.completed || LAST_WORDS.has(last.reason)
  }

  #heard(outcome: BootstrapOutcome, isAlive: boolean, isHealthy: boolean): void {
    if (!isAlive) return
    const { trace, judge } = this.#around
    trace.say(() => {
      const how = outcome.completed
        ? `completed ${outcome.tallyId}`
        : `${outcome.state} ${outcome.reason} in ${outcome.step}: ${outcome.detail ?? ''}`
      return `${this.node.name}: the outcome is ${how}`
    })
    this.outcomes.push(outcome)
    this.wasHealthy = isHealthy
    judge.heard(this, outcome)
  }
}
