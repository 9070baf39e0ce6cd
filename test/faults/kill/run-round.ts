import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { compact } from '../../../src/protocol/base/compact.ts'
import { check } from './checks/check.ts'
import { type Child, Children, type Ended } from './children.ts'
import type { Death } from './kill-switch.ts'
import { isByHand, type Kind, type RoundPlan, replayCommand } from './plan.ts'
import { clear, type Scene, setScene } from './scene.ts'
import { complaintsOfStrangers } from './strangers.ts'

/** How often the same link is tried; twice should do. */
const TRIES = 5

/** How long a session may take whose inviter is given up, ms: a use stays reserved for two of them. */
const SHORT_MS = 2_500
const RESERVED_MS = 2 * SHORT_MS + 1_000

/** How long the last bootstrap took that came to a tally, ms: within that one is killed at random. */
let span = 700

/** What was seen in one round. */
export interface RoundResult {
  /** Deaths that came to pass; in some kinds one may make the other impossible. */
  readonly deaths: number
  /** Attempts that it took after the last death. */
  readonly tries: number
}

/** @throws Error naming everything that does not hold, and how to see it again */
export async function runRound(plan: RoundPlan): Promise<RoundResult> {
  const scene = await setScene(plan.flow, plan.isRelayed, isByHand(plan))
  const round = new Round(plan, scene)
  try {
    return await round.run()
  } catch (cause) {
    const what = cause instanceof Error ? cause.message : String(cause)
    throw new Error(`${what}\n${round.story}\nagain: ${replayCommand(plan)}`, { cause })
  } finally {
    await round.children.killAll()
    await clear(scene)
  }
}

class Round {
  readonly children = new Children()
  readonly #plan: RoundPlan
  readonly #scene: Scene
  readonly #told: string[] = []
  /** Tallies that a bootstrap said were complete. */
  readonly #completed: string[] = []
  readonly #relays: Child[] = []
  #deaths = 0

  constructor(plan: RoundPlan, scene: Scene) {
    this.#plan = plan
    this.#scene = scene
  }

  get story(): string {
    return this.#told.join('\n')
  }

  async run(): Promise<RoundResult> {
    const { kind } = this.#plan
    if (kind === 'given up') return await this.#givenUp()
    if (kind !== 'relay') await this.#relay()
    const survivor = await this.#untilDeath(kind)
    const listener = survivor ?? (await this.#listen())
    if (isByHand(this.#plan)) await this.#sayYes()
    const tries = await this.#insist()
    const complaints = await complaintsOfStrangers(this.#scene)
    complaints.push(...(await this.#stop(listener)))
    complaints.push(...(await check(this.#scene, this.#completed)))
    if (complaints.length > 0) throw new Error(complaints.join('\n'))
    return { deaths: this.#deaths, tries }
  }

  /** The relay, if there is one between the two. */
  async #relay(death?: Death): Promise<Child | undefined> {
    const { relay: address, root } = this.#scene
    if (address === undefined) return undefined
    const directory = join(root, 'relay')
    const { child } = await this.children.relay(compact({ directory, address, death }))
    this.#relays.push(child)
    return child
  }

  /** The real command. */
  async #listen(): Promise<Child> {
    const { alice, address, relay } = this.#scene
    return await this.children.listen(alice, address, relay)
  }

  async #dyingListener(death: Death): Promise<Child> {
    const { alice: directory, address, relay } = this.#scene
    const relays = relay === undefined ? [] : [relay]
    return await this.children.dyingListener({ directory, address, relays, death })
  }

  /** The use that was reserved for Bob is Carol's in the end, and nothing of his is left. */
  async #givenUp(): Promise<RoundResult> {
    const { alice, bob, address, root } = this.#scene
    const { inviter: death } = this.#plan
    const orders = { directory: alice, address, death, sessionTimeoutMs: SHORT_MS }
    const victim = await this.children.dyingListener(orders)
    await this.#bootstrap()
    await this.#hasDied(victim)
    await sleep(RESERVED_MS)
    const listener = await this.children.listen(alice, address)
    const carols = { ...this.#scene, bob: join(root, 'carol') }
    const tries = await this.#insist(carols.bob)
    const complaints: string[] = []
    if (await this.#bootstrap(bob)) complaints.push('I1: Bob has got a tally too')
    complaints.push(...(await this.#stop(listener)))
    complaints.push(...(await check(carols, this.#completed)))
    if (complaints.length > 0) throw new Error(complaints.join('\n'))
    return { deaths: this.#deaths, tries }
  }

  async #stop(listener: Child): Promise<readonly string[]> {
    listener.kill('SIGTERM')
    const { code, stderr } = await listener.end()
    for (const relay of this.#relays) relay.kill('SIGTERM')
    for (const relay of this.#relays) await relay.end()
    const complaints: string[] = []
    if (code !== 0) complaints.push(`I9: the listener ended with ${code}: ${stderr}`)
    if (this.children.left.length > 0) complaints.push('I9: a process is left')
    return complaints
  }

  /** Returns the listener if it still lives. */
  async #untilDeath(kind: Exclude<Kind, 'given up'>): Promise<Child | undefined> {
    const { inviter, again } = this.#plan
    switch (kind) {
      case 'inviter':
      case 'inviter asked':
        await this.#inviterDies(inviter, true)
        return undefined
      case 'inviter twice':
        await this.#inviterDies(inviter, true)
        await this.#inviterDies(again, false)
        return undefined
      case 'invitee':
      case 'invitee waits':
        return await this.#inviteeDies()
      case 'both':
        await this.#bothDie()
        return undefined
      case 'bootstrap':
        return await this.#bootstrapIsKilled()
      case 'listen':
        await this.#listenIsKilled()
        return undefined
      case 'relay':
        return await this.#relayDies()
      default:
        return kind satisfies never
    }
  }

  async #inviterDies(death: Death, mustDie: boolean): Promise<void> {
    const listener = await this.#dyingListener(death)
    await this.#bootstrapUntilOver(listener)
    if (mustDie) await this.#hasDied(listener)
    // On the shorter way of a second attempt there may be no such point.
    else await this.#letEnd(listener)
  }

  /** Bob comes again, there is one request of his, whatever was lost on the way, and Alice says yes to it. */
  async #sayYes(): Promise<void> {
    const { alice } = this.#scene
    if (await this.#bootstrap()) throw new Error('a tally without the inviter’s yes')
    const { stdout } = await this.children.command(alice, 'sessions', 'pending').end()
    const { pending } = JSON.parse(stdout)
    if (pending.length !== 1) throw new Error(`I2: ${pending.length} requests wait: ${stdout}`)
    const { code } = await this.children.command(alice, 'sessions', 'approve', pending[0].id).end()
    if (code !== 0) throw new Error(`I2: the inviter’s yes ended with ${code}`)
  }

  async #inviteeDies(): Promise<Child> {
    const listener = await this.#listen()
    await this.#hasDied(this.#dyingInvitee())
    return listener
  }

  async #bothDie(): Promise<void> {
    const { inviter: death, when } = this.#plan
    const listener = await this.#dyingListener(death)
    let { signal } = await this.#dyingInvitee().end()
    for (let tries = 1; tries < TRIES && signal === null && !listener.isOver; tries += 1) {
      signal = (await this.#dyingInvitee().end()).signal
    }
    if (signal === 'SIGKILL') {
      this.#died('the invitee')
      await sleep(when * 50)
      listener.kill('SIGKILL')
      await this.#hasDied(listener)
      return
    }
    await this.#hasDied(listener)
    const restarted = await this.#listen()
    const second = await this.#dyingInvitee().end()
    if (second.signal === 'SIGKILL') this.#died('the invitee')
    restarted.kill('SIGKILL')
    await this.#hasDied(restarted)
  }

  async #bootstrapIsKilled(): Promise<Child> {
    const { bob, link } = this.#scene
    const listener = await this.#listen()
    const child = this.children.bootstrap(bob, link, this.#disclosed)
    await sleep(this.#plan.when * span)
    child.kill('SIGKILL')
    const ended = await child.end()
    if (ended.signal === 'SIGKILL') this.#died('the invitee')
    this.#heard(ended)
    return listener
  }

  async #listenIsKilled(): Promise<void> {
    const { bob, link } = this.#scene
    const listener = await this.#listen()
    const child = this.children.bootstrap(bob, link, this.#disclosed)
    await sleep(this.#plan.when * span)
    listener.kill('SIGKILL')
    await this.#hasDied(listener)
    this.#heard(await child.end())
  }

  /** Another one comes at the same place, and the listener to it. */
  async #relayDies(): Promise<Child> {
    const dying = await this.#relay(this.#plan.relay)
    const listener = await this.#listen()
    if (dying === undefined) throw new Error('there is no relay')
    await this.#bootstrapUntilOver(dying)
    await this.#hasDied(dying)
    await this.#relay()
    await listener.said('"isBack":true')
    return listener
  }

  /** On a busy machine an attempt may end before it comes to anybody's point: then there is another one. */
  async #bootstrapUntilOver(dying: Child): Promise<void> {
    for (let tries = 0; tries < TRIES && !dying.isOver; tries += 1) {
      if (await this.#bootstrap()) return
    }
  }

  #dyingInvitee(): Child {
    const { bob: directory, link } = this.#scene
    const identity = this.#plan.flow.identity ? { name: 'Bob' } : {}
    return this.children.dyingInvitee({ directory, link, identity, death: this.#plan.invitee })
  }

  /** @throws Error if it ended in any other way, or goes on living */
  async #hasDied(child: Child): Promise<void> {
    const { signal, code, stderr } = await child.end(10_000)
    if (signal !== 'SIGKILL') throw new Error(`nobody was killed: ${code} ${stderr}`)
    this.#died('somebody')
  }

  #died(who: string): void {
    this.#deaths += 1
    this.#told.push(`${who} died`)
  }

  async #letEnd(listener: Child): Promise<void> {
    listener.kill('SIGTERM')
    const { signal } = await listener.end()
    if (signal === 'SIGKILL') this.#died('the inviter')
  }

  /** The same link until there is a tally, and then once more. */
  async #insist(directory: string = this.#scene.bob): Promise<number> {
    for (let tries = 1; tries <= TRIES; tries += 1) {
      if (!(await this.#bootstrap(directory))) continue
      if (!(await this.#bootstrap(directory)))
        throw new Error('I2: a finished link does not end so again')
      return tries
    }
    throw new Error(`I2: no tally after ${TRIES} tries`)
  }

  /** True if it came to a tally. */
  async #bootstrap(directory: string = this.#scene.bob): Promise<boolean> {
    const { link } = this.#scene
    const start = performance.now()
    const ended = await this.children.bootstrap(directory, link, this.#disclosed).end()
    const isMade = this.#heard(ended)
    if (isMade) span = performance.now() - start
    return isMade
  }

  #heard({ code, signal, stdout, stderr }: Ended): boolean {
    this.#told.push(`bootstrap: ${signal ?? code} ${stdout.replaceAll(/\s+/g, ' ')}${stderr}`)
    if (code !== 0) return false
    const { tallyId, status } = JSON.parse(stdout)
    if (status !== 'confirmed') throw new Error(`I4: completed, and ${status}`)
    this.#completed.push(String(tallyId))
    return true
  }

  get #disclosed(): readonly string[] {
    return this.#plan.flow.identity ? ['--disclose', 'name=Bob'] : []
  }
}
