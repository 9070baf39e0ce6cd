import type { SessionConfig } from '../../../src/session/config/session-config.ts'
import type { Ids } from '../../../src/session/ports/ids.ts'
import type { SessionSummary } from '../../../src/session/ports/session-summary.ts'
import { Chaos, weatherOf } from '../chaos.ts'
import { Judge } from '../checks/judge.ts'
import { historyOf } from '../history.ts'
import { pendingForOf } from '../pending-for.ts'
import type { PlantedBug } from '../planted-bugs/planted-bug.ts'
import type { Asking } from './asking.ts'
import type { HostilePeer } from './hostile-peer.ts'
import type { Invitation } from './invitation.ts'
import type { Life } from './life.ts'
import { Network } from './network.ts'
import type { PartyNode } from './party-node.ts'
import { Random } from './random.ts'
import type { Disks } from './server/node-disk.ts'
import { Timeline, WORLD } from './timeline.ts'
import { Trace } from './trace.ts'

/** Everything there is in one run, and who hears of what. */
export class World {
  readonly seed: number
  /** Its invitees wait. */
  readonly waits: boolean
  readonly random: Random
  readonly timeline: Timeline
  readonly trace: Trace
  readonly chaos: Chaos
  readonly network: Network
  readonly judge: Judge
  readonly bug: PlantedBug
  readonly disks: Disks
  readonly ids: Ids
  readonly config: Partial<SessionConfig>
  readonly nodes: PartyNode[] = []
  readonly invitations: Invitation[] = []
  readonly askings: Asking[] = []
  readonly hostile: HostilePeer[] = []
  /** Told of every frame that is sent. */
  readonly watchers: ((type: string, to: string) => void)[] = []

  constructor(
    seed: number,
    bug: PlantedBug,
    {
      isTraced,
      waits,
      disks,
    }: { readonly isTraced: boolean; readonly waits: boolean; readonly disks: Disks },
  ) {
    this.seed = seed
    this.waits = waits
    this.bug = bug
    this.disks = disks
    this.random = new Random(seed)
    this.timeline = new Timeline(() => this.#afterStep(), disks.settled)
    this.trace = new Trace(isTraced, () => this.timeline.now)
    const weather = weatherOf(this.random)
    this.chaos = new Chaos(this.random.fork(), weather, 1 + this.random.below(8))
    this.network = new Network({
      random: this.random.fork(),
      chaos: this.chaos,
      trace: this.trace,
      answering: (peer) => this.#answering(peer),
      carried: (type, to) => {
        for (const watch of this.watchers) watch(type, to)
      },
      nameOf: (peer) => this.#nodeOf(peer)?.name ?? 'a stranger',
    })
    this.judge = new Judge(this, isTraced)
    const forIds = this.random.fork()
    this.ids = { session: () => forIds.text(16), redemption: () => forIds.text(26) }
    this.config = {
      rateLimitPerPeer: this.random.pick([10, 1_000, 1_000]),
      cleanupIntervalMs: this.random.pick([30_000, 110_000]),
      auditLevel: this.random.chance(0.9) ? 'full' : 'minimal',
      maxSessionHistory: historyOf(seed),
      pendingForMs: pendingForOf(seed),
    }
  }

  /** A node's batch is durable. */
  committed(node: PartyNode): void {
    this.judge.committed(node)
  }

  /** A process has died. The next one comes by itself. */
  died(node: PartyNode, life: Life, where: string): void {
    this.trace.say(() => `${life.name}: DIES ${where}`)
    node.running = node.running.filter((each) => each.life !== life)
    this.network.abandon(life)
    this.timeline.after(this.random.between(200, 6_000), WORLD, () => {
      if (node.running.length === 0) node.boot()
    })
  }

  ended(node: PartyNode, summary: SessionSummary): void {
    this.judge.ended(node, summary)
  }

  get secrets(): readonly Uint8Array[] {
    return this.invitations.map(({ secret }) => secret)
  }

  /** Give back what the next run can use; whatever is still under way must not write there. */
  close(): void {
    for (const { life } of this.nodes.flatMap(({ running }) => running)) life.die('with its world')
    for (const { disk } of this.nodes) disk.giveBack()
  }

  #answering(peer: string) {
    const node = this.#nodeOf(peer)
    const listening = node?.running.filter(({ life, serves }) => life.alive && serves) ?? []
    if (listening.length === 0) return undefined
    const { life, manager, lines } = this.random.pick(listening)
    return { life, accept: manager.accept.bind(manager), hold: lines.accept.bind(lines) }
  }

  #nodeOf(peer: string): PartyNode | undefined {
    return this.nodes.find(({ peerId }) => peerId === peer)
  }

  #afterStep(): void {
    for (const { disk } of this.nodes) disk.recover()
  }
}
