import { EventHeap } from './event-heap.ts'

/** The load on one store, and what there is to carry it. Times in ms. */
export interface StoreLoad {
  /** Bootstraps that arrive in a second, each when it likes. */
  readonly perSecond: number
  /** For how long. */
  readonly seconds: number
  readonly nodes: number
  /** Of a node's one processor, for each. */
  readonly nodeMs: number
  /** Of the server's, for each. */
  readonly serverMs: number
  readonly serverProcessors: number
  /** What a commit waits for besides. */
  readonly commitMs: number
}

export interface StoreReport {
  /** Time from a bootstrap's arrival to its answer, ms. */
  readonly p50: number
  readonly p99: number
  /** Part of the time in which a processor was used. */
  readonly nodeBusy: number
  readonly serverBusy: number
  readonly commitsEach: number
}

/** What a bootstrap waits for: its node, and a commit of its batch, so many times. Its answer waits for all but the last. */
const ROUNDS = 3

/** As many pieces of work as a batch takes. */
const MAX_BATCH = 500

/** Processors with one queue. */
class Processors {
  readonly #free: number[]
  used = 0

  constructor(count: number) {
    this.#free = Array.from({ length: count }, () => 0)
  }

  /** @returns when it is done, of work that comes at a time not before that of any earlier call */
  work(at: number, ms: number): number {
    const first = this.#free.reduce(
      (best, free, index) => (free < (this.#free[best] ?? 0) ? index : best),
      0,
    )
    const end = Math.max(at, this.#free[first] ?? 0) + ms
    this.#free[first] = end
    this.used += ms
    return end
  }
}

interface Bootstrap {
  readonly arrived: number
  round: number
}

/** Lets bootstraps arrive at random, from numbers that are always the same. */
export function simulateStore(load: StoreLoad): StoreReport {
  const simulation = new StoreSimulation(load)
  return simulation.run()
}

class StoreSimulation {
  readonly #load: StoreLoad
  readonly #events = new EventHeap()
  readonly #random = drawer()
  readonly #server: Processors
  readonly #nodes: readonly SimulatedNode[]
  readonly #answered: number[] = []

  constructor(load: StoreLoad) {
    this.#load = load
    this.#server = new Processors(load.serverProcessors)
    this.#nodes = Array.from({ length: load.nodes }, () => new SimulatedNode())
  }

  run(): StoreReport {
    const { perSecond, seconds, nodes, serverProcessors } = this.#load
    this.#arrive(0)
    this.#events.run()
    const times = this.#answered.toSorted((a, b) => a - b)
    const at = (part: number): number => times[Math.floor(times.length * part)] ?? 0
    const used = this.#nodes.reduce((sum, { processor }) => sum + processor.used, 0)
    const commits = this.#nodes.reduce((sum, each) => sum + each.commits, 0)
    const whole = seconds * 1000
    return {
      p50: at(0.5),
      p99: at(0.99),
      nodeBusy: used / (whole * nodes),
      serverBusy: this.#server.used / (whole * serverProcessors),
      commitsEach: commits / Math.max(1, perSecond * seconds),
    }
  }

  #arrive(at: number): void {
    const { perSecond, seconds } = this.#load
    const next = at + (-Math.log(1 - this.#random()) * 1000) / perSecond
    if (next > seconds * 1000) return
    this.#events.add(next, () => {
      const node = this.#nodes[Math.floor(this.#random() * this.#nodes.length)]
      if (node !== undefined) this.#work(node, { arrived: next, round: 0 }, next)
      this.#arrive(next)
    })
  }

  /** A part of the session's own work, and then a commit of what it has to write. */
  #work(node: SimulatedNode, bootstrap: Bootstrap, at: number): void {
    const ms = (-Math.log(1 - this.#random()) * this.#load.nodeMs) / ROUNDS
    this.#events.add(node.processor.work(at, ms), (done) => {
      node.waiting.push(bootstrap)
      this.#commit(node, done)
    })
  }

  /** One batch at a time, with all that waits. */
  #commit(node: SimulatedNode, at: number): void {
    if (node.isCommitting || node.waiting.length === 0) return
    node.isCommitting = true
    node.commits += 1
    const batch = node.waiting.splice(0, MAX_BATCH)
    const { serverMs, commitMs } = this.#load
    const served = this.#server.work(at, (batch.length * serverMs) / ROUNDS)
    this.#events.add(served + commitMs, (done) => {
      node.isCommitting = false
      for (const each of batch) this.#committed(node, each, done)
      this.#commit(node, done)
    })
  }

  #committed(node: SimulatedNode, bootstrap: Bootstrap, at: number): void {
    bootstrap.round += 1
    if (bootstrap.round === ROUNDS - 1) this.#answered.push(at - bootstrap.arrived)
    if (bootstrap.round < ROUNDS) this.#work(node, bootstrap, at)
  }
}

class SimulatedNode {
  /** A node does its own work on one. */
  readonly processor = new Processors(1)
  readonly waiting: Bootstrap[] = []
  isCommitting = false
  commits = 0
}

/** Numbers from 0 to 1, always the same ones: mulberry32. */
function drawer(): () => number {
  let state = 1
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
