import type { BootstrapOutcome } from '../../../src/session/dialer/outcome.ts'
import type { SessionSummary } from '../../../src/session/ports/session-summary.ts'
import type { Scene } from '../scene.ts'
import type { Asking } from '../world/asking.ts'
import type { PartyNode } from '../world/party-node.ts'
import { checkLedgers, checkLiveness } from './check-ledgers.ts'
import { checkReceipts } from './check-receipts.ts'
import { checkRest } from './check-rest.ts'
import { checkTallies, checkThatDatabasesBelong, checkWithdrawn } from './check-tallies.ts'
import { checkTerms } from './check-terms.ts'
import { checkTrails } from './check-trails.ts'
import { checkWitnesses } from './check-witnesses.ts'
import { factsOf } from './facts.ts'
import type { Complain, Violation } from './violation.ts'

/** Both sides are compared after every so many commits; what was thrown away stays so and is found later. */
const COMPARE_EVERY = 12

/** Watches everybody's stores and words, all the time and at the end. */
export class Judge {
  readonly violations: Violation[] = []
  readonly #scene: Scene
  readonly #compareEvery: number
  readonly #ended = new Set<string>()
  #commits = 0

  constructor(scene: Scene, isTraced: boolean) {
    this.#scene = scene
    this.#compareEvery = isTraced ? 1 : COMPARE_EVERY
  }

  get hasFound(): boolean {
    return this.violations.length > 0
  }

  get commits(): number {
    return this.#commits
  }

  readonly broken: Complain = (rule, what) => {
    const { timeline, trace } = this.#scene
    trace.say(() => `*** ${rule} is broken: ${what}`)
    this.violations.push({ rule, what, at: timeline.now })
  }

  committed(node: PartyNode): void {
    const facts = factsOf(node.disk.database)
    const { broken, overdrawn } = facts
    if (broken !== undefined) this.broken(broken.rule, `${node.name}: ${broken.what}`)
    if (overdrawn !== undefined) this.broken('I1', `${node.name}: ${overdrawn}`)
    this.#commits += 1
    if (this.#commits % this.#compareEvery === 0) checkTallies(this.#scene, this.broken)
  }

  ended(node: PartyNode, { id, state }: SessionSummary): void {
    const key = `${node.name} ${id}`
    if (this.#ended.has(key)) this.broken('I5', `${node.name}: session ${id} ended twice`)
    if (!FINAL.has(state)) this.broken('I5', `${node.name}: session ${id} ended in ${state}`)
    this.#ended.add(key)
  }

  heard(asking: Asking, outcome: BootstrapOutcome): void {
    if (!outcome.completed) return
    const { node } = asking
    const kept = factsOf(node.disk.database).tallies.find(
      ({ tallyId }) => tallyId === outcome.tallyId,
    )
    if (kept?.status !== 'confirmed')
      this.broken('I4', `${node.name} was told of tally ${outcome.tallyId}, and does not keep it`)
  }

  /** Everybody is in good health, and has had time. */
  async quiet(): Promise<void> {
    const scene = this.#scene
    checkTallies(scene, this.broken)
    checkThatDatabasesBelong(scene, this.broken)
    checkWithdrawn(scene, this.broken)
    checkReceipts(scene, this.broken)
    checkLedgers(scene, this.broken)
    checkTerms(scene, this.broken)
    checkLiveness(scene, this.broken)
    await checkTrails(scene, this.broken)
    await checkWitnesses(scene, this.broken)
  }

  /** Everything has been stopped. */
  stopped(): void {
    checkRest(this.#scene, this.broken)
  }
}

const FINAL = new Set(['COMPLETED', 'FAILED', 'TIMEOUT'])
