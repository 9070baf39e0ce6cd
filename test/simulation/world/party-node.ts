import { trailKey } from '../../../src/audit/checkpoint/note-key.ts'
import type { SessionHooks } from '../../../src/hooks/session-hooks.ts'
import { peerIdOfPublicKey } from '../../../src/protocol/base/peer-id-text.ts'
import { isSignedBy } from '../../../src/protocol/receipt/receipt-signature.ts'
import { AnswerLines } from '../../../src/service/answers/answer-lines.ts'
import { StoreWitness } from '../../../src/service/witness/store-witness.ts'
import { ForwardOnlyClock } from '../../../src/session/clock/forward-only-clock.ts'
import type { SessionConfig } from '../../../src/session/config/session-config.ts'
import { SessionCore } from '../../../src/session/manager/session-core.ts'
import type { Clock } from '../../../src/session/ports/clock.ts'
import type { Ids } from '../../../src/session/ports/ids.ts'
import type { SessionSummary } from '../../../src/session/ports/session-summary.ts'
import type { SessionStore } from '../../../src/session/ports/store.ts'
import { recoverSessions } from '../../../src/session/recovery/recover-sessions.ts'
import type { Party } from '../../../src/session/run/party.ts'
import { type SigningKey, signingKey } from '../../support/signing-key.ts'
import type { Chaos } from '../chaos.ts'
import type { BugSite, PlantedBug } from '../planted-bugs/planted-bug.ts'
import { DatabaseServer } from './database-server.ts'
import { Disk } from './disk.ts'
import { hostHooks } from './host-hooks.ts'
import { Life } from './life.ts'
import type { Random } from './random.ts'
import type { Disks, NodeDisk, OpenedStore } from './server/node-disk.ts'
import { SimulatedStore } from './simulated-store.ts'
import { type SideStore, sideStore, signNowAndThen } from './simulated-witness.ts'
import type { Timeline } from './timeline.ts'
import type { Trace } from './trace.ts'

/** When every simulation begins, milliseconds since the epoch. */
const BEGINNING = Date.UTC(2030, 0, 1)

/** What a node needs of the world. */
interface Around {
  readonly timeline: Timeline
  readonly trace: Trace
  readonly chaos: Chaos
  readonly random: Random
  readonly ids: Ids
  readonly config: Partial<SessionConfig>
  readonly bug: PlantedBug
  readonly disks: Disks
  readonly secrets: readonly Uint8Array[]
  /** A batch has become durable. */
  committed(node: PartyNode): void
  died(node: PartyNode, life: Life, where: string): void
  /** A session reached its end. */
  ended(node: PartyNode, summary: SessionSummary): void
}

/** One running process of a node. */
export interface Running {
  readonly life: Life
  readonly store: OpenedStore['records']
  readonly seen: OpenedStore['seen']
  readonly clock: Clock
  readonly manager: SessionCore
  /** Of invitees who wait for the word of its people. */
  readonly lines: AnswerLines
  /** It has tidied up after those before it, and takes part from now on. */
  serves: boolean
}

/** One party: its disk and its database server, which stay, and its processes, which come and go. */
export class PartyNode {
  readonly name: string
  readonly publicKey: Uint8Array
  readonly peerId: string
  readonly party: Party
  readonly disk: NodeDisk
  readonly server = new DatabaseServer()
  readonly config: Partial<SessionConfig>
  /** What is wrong with its wall clock, ms. */
  wallError = 0
  /** Processes that live, the newest last. */
  running: Running[] = []
  lives = 0
  /** What its people were told, all its life. */
  readonly complaints: string[] = []
  readonly #around: Around
  readonly #key: SigningKey

  constructor(around: Around, name: string, party: Omit<Party, 'peerId'>) {
    this.#around = around
    this.name = name
    this.#key = signingKey(around.random.bytes(32))
    this.publicKey = this.#key.publicKey
    this.peerId = peerIdOfPublicKey(this.publicKey)
    this.party = { ...party, peerId: this.peerId }
    this.config = around.config
    const { random, chaos } = around
    this.disk = around.disks.make({
      random: random.fork(),
      chaos,
      committed: () => around.committed(this),
    })
  }

  /** The process that serves, if there is one. */
  get current(): Running | undefined {
    return this.running.findLast(({ life, serves }) => life.works && serves)
  }

  /** No process of that name lives. */
  isGone(process: string): boolean {
    return !this.running.some(({ life }) => life.alive && life.name === process)
  }

  wall(): number {
    return BEGINNING + this.#around.timeline.now + this.wallError
  }

  /** Start a process, as after a boot. */
  boot(): Running {
    const around = this.#around
    const { timeline, chaos, random, trace } = around
    this.lives += 1
    const life = new Life({
      name: `${this.name}${this.lives}`,
      timeline,
      wall: () => this.wall(),
      isFatal: (where) => chaos.crashes(where),
      died: (dead, where) => around.died(this, dead, where),
    })
    this.disk.recover()
    const { sessions, records: store, seen } = this.disk.open(life)
    const { server, disk } = this
    const clock = new ForwardOnlyClock(life.clock)
    const hooks = hostHooks({
      store,
      disk,
      life,
      clock,
      server,
      chaos,
      trace,
      random: random.fork(),
    })
    const simulated = new SimulatedStore(sessions, disk, life, chaos, random.fork())
    const beside = sideStore(store, disk, life)
    const manager = this.#manager(life, clock, { store: simulated, beside }, hooks)
    const lines = new AnswerLines({
      clock,
      undecided: (peers) => simulated.lookups.requests.waitingOf(peers),
    })
    const running: Running = { life, store, seen, clock, manager, lines, serves: false }
    trace.say(() => `${life.name}: starts`)
    this.running.push(running)
    void this.#recover(running, simulated, this.running.length === 1)
    return running
  }

  #serve(running: Running): void {
    running.serves = true
    running.manager.start()
  }

  /** As the listener does at its start when nobody else serves this store, and whoever redeems does at any time. */
  async #recover(running: Running, store: SessionStore, isAlone: boolean): Promise<void> {
    const { life, clock } = running
    const ports = { store, clock, isGone: (process: string) => this.isGone(process) }
    try {
      if (isAlone) await recoverSessions(ports, 'listener')
      await recoverSessions(ports, 'dialer')
      this.#serve(running)
    } catch {
      life.die('because it could not begin')
    }
  }

  get #site(): BugSite {
    const { disk } = this
    const { database } = disk
    const around = this.#around
    return {
      beside: (beside, submit) => {
        if (disk instanceof Disk) return disk.beside(beside, submit)
        throw new TypeError('bugs are planted in files only')
      },
      sql: (text, ...values) => void database.prepare(text).run(...values),
      script: (text) => database.exec(text),
      ask: (text, ...values) => Object.values(database.prepare(text).get(...values) ?? {})[0],
      get secrets() {
        return around.secrets
      },
    }
  }

  #manager(
    life: Life,
    clock: Clock,
    { store, beside }: { readonly store: SessionStore; readonly beside: SideStore },
    hooks: SessionHooks,
  ): SessionCore {
    const { bug, ids, trace } = this.#around
    const manager = new SessionCore(bug.hooks?.(hooks) ?? hooks, this.config, {
      store: bug.store?.(store, this.#site) ?? store,
      party: () => this.party,
      sign: this.#key.sign,
      // On this thread: when another one is done is not for a seed to say.
      verify: (...all) => Promise.resolve(isSignedBy(...all)),
      clock,
      processId: life.name,
      isGone: (process) => this.isGone(process),
      ids,
      witness: new StoreWitness(beside),
    })
    const sign = signNowAndThen(beside, { ...trailKey(this.peerId), sign: this.#key.sign })
    manager.on('session', (summary, path) => {
      if (!life.alive) return
      const way = path.map(({ to, event }) => `${to} (${event.slice(0, 60)})`).join(', ')
      const why = summary.reason === undefined ? '' : ` because ${summary.reason}`
      trace.say(() => `${life.name}: ${summary.side} ${summary.id} → ${way}${why}`)
    })
    manager.on('ended', (summary) => {
      if (!life.alive) return
      this.#around.ended(this, summary)
      sign()
    })
    manager.on('hookComplaint', (hook, detail) => this.complaints.push(`${hook}: ${detail}`))
    manager.on('storeFailed', (error) => {
      if (!life.alive) return
      this.complaints.push(String(error))
      trace.say(() => `${life.name}: the store failed: ${String(error)}`)
    })
    return manager
  }
}
