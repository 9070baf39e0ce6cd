import { join } from 'node:path'
import { compact } from '../../../src/protocol/base/compact.ts'
import { type Child, Children, type Ended } from './children.ts'
import type { Death } from './kill-switch.ts'
import type { RoundPlan } from './plan.ts'
import type { Says } from './points.ts'
import type { Scene } from './scene.ts'

/** How often the same link is tried; twice should do. */
export const TRIES = 5

/** How long the last bootstrap took that came to a tally, ms: within that one is killed at random. */
let span = 700

/** A request as `sessions pending --json` lists it. */
interface ListedRequest {
  readonly id: string
  readonly state: string
}

/** All that the two of a round can do, and what came of it. */
export class RoundActs {
  readonly children = new Children()
  readonly plan: RoundPlan
  readonly scene: Scene
  /** Tallies that a bootstrap said were complete. */
  readonly completed: string[] = []
  readonly #told: string[] = []
  readonly #relays: Child[] = []
  #deaths = 0

  constructor(plan: RoundPlan, scene: Scene) {
    this.plan = plan
    this.scene = scene
  }

  get story(): string {
    return this.#told.join('\n')
  }

  get deaths(): number {
    return this.#deaths
  }

  get spanMs(): number {
    return span
  }

  /** The relay, if there is one between the two. */
  async relay(death?: Death): Promise<Child | undefined> {
    const { relay: address, root } = this.scene
    if (address === undefined) return undefined
    const directory = join(root, 'relay')
    const { child } = await this.children.relay(compact({ directory, address, death }))
    this.#relays.push(child)
    return child
  }

  /** The real command. */
  async listen(): Promise<Child> {
    const { alice, address, relay } = this.scene
    return await this.children.listen(alice, address, relay)
  }

  async dyingListener(death: Death): Promise<Child> {
    const { alice: directory, address, relay } = this.scene
    const relays = relay === undefined ? [] : [relay]
    return await this.children.dyingListener({ directory, address, relays, death })
  }

  dyingInvitee(): Child {
    const { bob: directory, link } = this.scene
    const identity = this.plan.flow.identity ? { name: 'Bob' } : {}
    return this.children.dyingInvitee({ directory, link, identity, death: this.plan.invitee })
  }

  /** @returns what does not hold */
  async stop(listener: Child): Promise<readonly string[]> {
    listener.kill('SIGTERM')
    const { code, stderr } = await listener.end()
    for (const relay of this.#relays) relay.kill('SIGTERM')
    for (const relay of this.#relays) await relay.end()
    const complaints: string[] = []
    if (code !== 0) complaints.push(`I9: the listener ended with ${code}: ${stderr}`)
    if (this.children.left.length > 0) complaints.push('I9: a process is left')
    return complaints
  }

  /** @throws Error if it ended in any other way, or goes on living */
  async hasDied(child: Child): Promise<void> {
    const { signal, code, stderr } = await child.end(10_000)
    if (signal !== 'SIGKILL') throw new Error(`nobody was killed: ${code} ${stderr}`)
    this.died('somebody')
  }

  died(who: string): void {
    this.#deaths += 1
    this.tell(`${who} died`)
  }

  tell(text: string): void {
    this.#told.push(text)
  }

  /** The requests that Alice can say yes or no to, and those that she has said yes to. */
  async requests(): Promise<readonly ListedRequest[]> {
    const { stdout } = await this.children.command(this.scene.alice, 'sessions', 'pending').end()
    return JSON.parse(stdout).pending
  }

  /** Alice's word, by the real command. */
  async say(says: Says, id: string): Promise<Ended> {
    const command = says === 'yes' ? 'approve' : 'deny'
    const ended = await this.children.command(this.scene.alice, 'sessions', command, id).end()
    this.tell(`sessions ${command}: ${ended.signal ?? ended.code} ${ended.stdout}`)
    return ended
  }

  /** Somebody asks, there is one request of theirs, whatever was lost on the way, and Alice says yes to it. */
  async sayYes(directory: string = this.scene.bob): Promise<void> {
    if (await this.bootstrap(directory)) throw new Error('a tally without the inviter’s yes')
    const pending = await this.requests()
    if (pending.length !== 1) throw new Error(`I2: ${pending.length} requests wait`)
    const { code } = await this.say('yes', pending[0]?.id ?? '')
    if (code !== 0) throw new Error(`I2: the inviter’s yes ended with ${code}`)
  }

  /** The same link until there is a tally, and then once more. @returns how many tries it took */
  async insist(directory: string = this.scene.bob): Promise<number> {
    for (let tries = 1; tries <= TRIES; tries += 1) {
      if (!(await this.bootstrap(directory))) continue
      if (!(await this.bootstrap(directory)))
        throw new Error('I2: a finished link does not end so again')
      return tries
    }
    throw new Error(`I2: no tally after ${TRIES} tries`)
  }

  /** True if it came to a tally. */
  async bootstrap(directory: string = this.scene.bob): Promise<boolean> {
    const start = performance.now()
    const isMade = this.heard(await this.beginBootstrap(directory).end())
    if (isMade) span = performance.now() - start
    return isMade
  }

  /** The real command. @param more flags */
  beginBootstrap(directory: string = this.scene.bob, more: readonly string[] = []): Child {
    const disclosed = this.plan.flow.identity ? ['--disclose', 'name=Bob'] : []
    return this.children.bootstrap(directory, this.scene.link, [...disclosed, ...more])
  }

  /** True if it came to a tally. */
  heard({ code, signal, stdout, stderr }: Ended): boolean {
    this.tell(`bootstrap: ${signal ?? code} ${stdout.replaceAll(/\s+/g, ' ')}${stderr}`)
    if (code !== 0) return false
    const { tallyId, status } = JSON.parse(stdout)
    if (status !== 'confirmed') throw new Error(`I4: completed, and ${status}`)
    this.completed.push(String(tallyId))
    return true
  }
}
