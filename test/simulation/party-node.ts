import type { SessionHooks } from '../../src/hooks/session-hooks.ts'
import { peerIdOfPublicKey } from '../../src/protocol/peer-id-text.ts'
import type { Party } from '../../src/session/party.ts'
import type { SessionStore } from '../../src/session/ports/store.ts'
import type { SessionConfig } from '../../src/session/session-config.ts'
import { freeDeadLeases } from '../../src/session/dialer/free-dead-leases.ts'
import { recoverSessions } from '../../src/session/recover-sessions.ts'
import { SessionManager } from '../../src/session/session-manager.ts'
import type { Store } from '../../src/store/store.ts'
import { DatabaseServer } from './database-server.ts'
import { Disk, takeDrive } from './disk.ts'
import { hostHooks } from './host-hooks.ts'
import { Life } from './life.ts'
import { SimulatedStore } from './simulated-store.ts'
import type { World } from './world.ts'

/** When every simulation begins, milliseconds since the epoch. */
const BEGINNING = Date.UTC(2030, 0, 1)

/** One running process of a node. */
export interface Running {
  readonly life: Life
  readonly store: Store
  readonly manager: SessionManager
}

/** One party: its disk and its database server, which stay, and its processes, which come and go. */
export class PartyNode {
  readonly name: string
  readonly publicKey: Uint8Array
  readonly peerId: string
  readonly party: Party
  readonly disk: Disk
  readonly server = new DatabaseServer()
  readonly config: Partial<SessionConfig>
  /** What is wrong with its wall clock, ms. */
  wallError = 0
  /** It was set back: what was to happen at some time may be far away now. */
  wasSetBack = false
  /** Processes that live, the newest last. */
  running: Running[] = []
  lives = 0
  /** What its people were told, all its life. */
  readonly complaints: string[] = []
  readonly #world: World

  constructor(world: World, name: string, party: Omit<Party, 'peerId'>) {
    this.#world = world
    this.name = name
    this.publicKey = world.random.bytes(32)
    this.peerId = peerIdOfPublicKey(this.publicKey)
    this.party = { ...party, peerId: this.peerId }
    this.config = world.config
    const { random, chaos } = world
    this.disk = new Disk(takeDrive(), {
      random: random.fork(),
      chaos,
      committed: () => world.committed(this),
    })
  }

  /** The process that serves, if there is one. */
  get current(): Running | undefined {
    return this.running.findLast(({ life }) => life.works)
  }

  wall(): number {
    return BEGINNING + this.#world.timeline.now + this.wallError
  }

  /** Start a process, as after a boot. */
  boot(): Running {
    const world = this.#world
    const { timeline, chaos, random, trace } = world
    this.lives += 1
    const life = new Life({
      name: `${this.name}${this.lives}`,
      timeline,
      wall: () => this.wall(),
      isFatal: (where) => chaos.crashes(where),
      died: (dead, where) => world.died(this, dead, where),
    })
    this.disk.recover()
    const store = this.disk.open(life)
    const { server, disk } = this
    const hooks = hostHooks({ store, disk, life, server, chaos, trace, random: random.fork() })
    const manager = this.#manager(life, new SimulatedStore(store, disk, life, chaos), hooks)
    const running = { life, store, manager }
    trace.say(() => `${life.name}: starts`)
    this.running.push(running)
    if (this.running.length === 1) void this.#recover(running)
    manager.start()
    return running
  }

  /** As the listener does at its start, when nobody else serves this store; again until the disk lets it. */
  async #recover({ life, store }: Running): Promise<void> {
    const { chaos } = this.#world
    const ports = { store: new SimulatedStore(store, this.disk, life, chaos), clock: life.clock }
    const isGone = (process: string): boolean =>
      !this.running.some((each) => each.life.alive && each.life.name === process)
    while (life.alive) {
      try {
        await freeDeadLeases(ports.store, isGone)
        await recoverSessions(ports, 'listener')
        await recoverSessions(ports, 'dialer')
        return
      } catch {
        await life.sleep(1_000)
      }
    }
  }

  #manager(life: Life, store: SessionStore, hooks: SessionHooks): SessionManager {
    const { bug, ids, trace } = this.#world
    const manager = new SessionManager(bug.hooks?.(hooks, this) ?? hooks, this.config, {
      store: bug.store?.(store, this, life) ?? store,
      party: () => this.party,
      clock: life.clock,
      processId: life.name,
      ids,
    })
    manager.on('session', (summary, path) => {
      if (!life.alive) return
      const way = path.map(({ to, event }) => `${to} (${event.slice(0, 60)})`).join(', ')
      const why = summary.reason === undefined ? '' : ` because ${summary.reason}`
      trace.say(() => `${life.name}: ${summary.side} ${summary.id} → ${way}${why}`)
    })
    manager.on('ended', (summary) => {
      if (life.alive) this.#world.judge.ended(this, summary)
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
