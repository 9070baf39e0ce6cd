import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { tokenToIssue } from '../../store/fixtures.ts'
import { verifyRows } from '../audit/verify-rows.ts'
import { engineOnDatabase } from '../store/postgres-engine.ts'
import { type EmbeddedPostgres, sharedPostgres } from './embedded-postgres.ts'
import { NodeProcess } from './node-process.ts'
import { type StoreSchema, storeSchema } from './store-database.ts'

const NAMES = ['node-1', 'node-2'] as const

type Name = (typeof NAMES)[number]

/** Two nodes of one party on one store, each in a process of its own, of which one after the other is killed or stopped. */
export class NodeTrials {
  readonly #server: EmbeddedPostgres
  readonly #schema: StoreSchema
  readonly #leaseMs: number
  readonly #nodes = new Map<Name, NodeProcess>()
  readonly #places = new Map<Name, string>()
  readonly #given: string[] = []
  /** How long each take-over took beyond the lease, from the signal to the word of the other node, ms. */
  readonly beyondMs: number[] = []

  private constructor(server: EmbeddedPostgres, leaseMs: number) {
    this.#server = server
    this.#schema = storeSchema(server)
    this.#leaseMs = leaseMs
  }

  static async begin(leaseMs: number): Promise<NodeTrials> {
    const trials = new NodeTrials(await sharedPostgres(), leaseMs)
    const { addToken } = engineOnDatabase(await trials.#schema.open('issuer'), () => undefined)
    await addToken(tokenToIssue('any', null))
    for (const name of NAMES) await trials.#start(name)
    return trials
  }

  /** Kills a node, and starts it anew once it was taken over. */
  async kill(nth: number): Promise<void> {
    const [name, victim, other] = this.#pair(nth)
    await this.#takenOver(victim, other, 'SIGKILL')
    await this.#restart(name, victim)
  }

  /** Stops a node until it was taken over, and lets it wake up. @returns its exit code */
  async stop(nth: number): Promise<number | null> {
    const [name, victim, other] = this.#pair(nth)
    await this.#takenOver(victim, other, 'SIGSTOP')
    victim.signal('SIGCONT')
    const code = await victim.over()
    await this.#restart(name, victim)
    return code
  }

  /** Ends the nodes in good order, and counts what they have left. */
  async end() {
    for (const node of this.#nodes.values()) node.signal('SIGTERM')
    const codes = await Promise.all([...this.#nodes.values()].map((each) => each.over()))
    for (const node of this.#nodes.values()) this.#given.push(...node.given)
    const given = new Set(this.#given)
    const uses = await this.#schema.query<{ id: string; peer_id: string }>(
      `SELECT id, peer_id FROM redemptions WHERE state = 'committed'`,
    )
    const ids = new Set(uses.map(({ id }) => id))
    const open = await this.#schema.query('SELECT 1 FROM sessions WHERE ended_at IS NULL')
    return {
      codes,
      given: given.size,
      missing: [...given].filter((id) => !ids.has(id)).length,
      doubled: uses.length - new Set(uses.map(({ peer_id: peer }) => peer)).size,
      unfinished: open.length,
      areChainsWhole: await this.#areChainsWhole(),
    }
  }

  async dispose(): Promise<void> {
    for (const node of this.#nodes.values()) node.signal('SIGKILL')
    await Promise.all([...this.#nodes.values()].map((each) => each.over()))
    await this.#schema.dispose()
    for (const each of this.#places.values()) rmSync(each, { recursive: true })
  }

  #pair(nth: number): readonly [Name, NodeProcess, NodeProcess] {
    const [name, otherName] =
      nth % 2 === 0 ? (['node-1', 'node-2'] as const) : (['node-2', 'node-1'] as const)
    const [victim, other] = [this.#nodes.get(name), this.#nodes.get(otherName)]
    if (victim === undefined || other === undefined) throw new Error('they were not started')
    return [name, victim, other]
  }

  async #takenOver(
    victim: NodeProcess,
    other: NodeProcess,
    signal: 'SIGKILL' | 'SIGSTOP',
  ): Promise<void> {
    await victim.saying((what) => 'given' in what)
    const since = performance.now()
    victim.signal(signal)
    const { at } = await other.saying(({ tookOver }) => tookOver === victim.peerId, since)
    this.beyondMs.push(Math.round(at - since - this.#leaseMs))
    await other.saying((what) => 'given' in what, at)
  }

  async #restart(name: Name, victim: NodeProcess): Promise<void> {
    await victim.over()
    this.#given.push(...victim.given)
    await this.#start(name)
  }

  async #start(name: Name): Promise<void> {
    const path = this.#places.get(name) ?? mkdtempSync(join(tmpdir(), 'taleus-node-'))
    this.#places.set(name, path)
    const { url } = this.#schema
    const { password } = this.#server
    const started = new NodeProcess({ url, password, peerId: name, path, leaseMs: this.#leaseMs })
    this.#nodes.set(name, started)
    await started.saying((what) => 'ready' in what)
  }

  async #areChainsWhole(): Promise<boolean> {
    const all = await Promise.all(
      NAMES.map(async (name) => {
        const { inspect } = engineOnDatabase(await this.#schema.open(name), () => undefined)
        const rows = await inspect.audit()
        return rows.length > 0 && verifyRows(rows).ok
      }),
    )
    return all.every(Boolean)
  }
}
