import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { check } from './checks/check.ts'
import type { Child } from './children.ts'
import { DecidingRound } from './deciding-round.ts'
import type { Death } from './kill-switch.ts'
import { type RoundPlan, replayCommand, wordAt } from './plan.ts'
import { RoundActs, TRIES } from './round-acts.ts'
import { clear, setScene } from './scene.ts'
import { complaintsOfStrangers } from './strangers.ts'

/** How long a session may take whose inviter is given up, ms: a use stays reserved for two of them. */
const SHORT_MS = 2_500
const RESERVED_MS = 2 * SHORT_MS + 1_000

/** What was seen in one round. */
export interface RoundResult {
  /** Deaths that came to pass; in some kinds one may make the other impossible. */
  readonly deaths: number
  /** Attempts that it took after the last death. */
  readonly tries: number
}

/** @throws Error naming everything that does not hold, and how to see it again */
export async function runRound(plan: RoundPlan): Promise<RoundResult> {
  const scene = await setScene(plan.flow, plan.isRelayed, wordAt(plan.kind) !== undefined)
  const round = new (wordAt(plan.kind) === 'dying' ? DecidingRound : Round)(plan, scene)
  try {
    const tries = await round.run()
    return { deaths: round.deaths, tries }
  } catch (cause) {
    const what = cause instanceof Error ? cause.message : String(cause)
    throw new Error(`${what}\n${round.story}\nagain: ${replayCommand(plan)}`, { cause })
  } finally {
    await round.children.killAll()
    await clear(scene)
  }
}

class Round extends RoundActs {
  /** @returns how many attempts it took after the last death */
  async run(): Promise<number> {
    const { kind } = this.plan
    if (kind === 'given up') return await this.#givenUp()
    if (kind !== 'relay') await this.relay()
    if (wordAt(this.plan.kind) === 'first') await this.#yesInPeace()
    const survivor = await this.#untilDeath()
    const listener = survivor ?? (await this.listen())
    if (wordAt(this.plan.kind) === 'afterwards') await this.sayYes()
    const tries = await this.insist()
    const complaints = await complaintsOfStrangers(this.scene)
    complaints.push(...(await this.stop(listener)))
    complaints.push(...(await check(this.scene, this.completed)))
    if (complaints.length > 0) throw new Error(complaints.join('\n'))
    return tries
  }

  async #yesInPeace(): Promise<void> {
    const listener = await this.listen()
    await this.sayYes()
    listener.kill('SIGTERM')
    await listener.end()
  }

  /** The use that was reserved for Bob is Carol's in the end, and nothing of his is left. */
  async #givenUp(): Promise<number> {
    const { alice, bob, address, root } = this.scene
    const { inviter: death } = this.plan
    const orders = { directory: alice, address, death, sessionTimeoutMs: SHORT_MS }
    const victim = await this.children.dyingListener(orders)
    await this.bootstrap()
    await this.hasDied(victim)
    await sleep(RESERVED_MS)
    const listener = await this.children.listen(alice, address)
    const carols = { ...this.scene, bob: join(root, 'carol') }
    const tries = await this.insist(carols.bob)
    const complaints: string[] = []
    if (await this.bootstrap(bob)) complaints.push('I1: Bob has got a tally too')
    complaints.push(...(await this.stop(listener)))
    complaints.push(...(await check(carols, this.completed)))
    if (complaints.length > 0) throw new Error(complaints.join('\n'))
    return tries
  }

  /** Returns the listener if it still lives. */
  async #untilDeath(): Promise<Child | undefined> {
    const { kind, inviter, again } = this.plan
    switch (kind) {
      case 'inviter':
      case 'inviter asked':
      case 'inviter gives':
        await this.#inviterDies(inviter, true)
        return undefined
      case 'inviter twice':
        await this.#inviterDies(inviter, true)
        await this.#inviterDies(again, false)
        return undefined
      case 'invitee':
      case 'invitee waits':
      case 'invitee collects':
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
        throw new RangeError(`${kind} is another round`)
    }
  }

  async #inviterDies(death: Death, mustDie: boolean): Promise<void> {
    const listener = await this.dyingListener(death)
    await this.#bootstrapUntilOver(listener)
    if (mustDie) await this.hasDied(listener)
    // On the shorter way of a second attempt there may be no such point.
    else await this.#letEnd(listener)
  }

  async #inviteeDies(): Promise<Child> {
    const listener = await this.listen()
    await this.hasDied(this.dyingInvitee())
    return listener
  }

  async #bothDie(): Promise<void> {
    const { inviter: death, when } = this.plan
    const listener = await this.dyingListener(death)
    let { signal } = await this.dyingInvitee().end()
    for (let tries = 1; tries < TRIES && signal === null && !listener.isOver; tries += 1) {
      signal = (await this.dyingInvitee().end()).signal
    }
    if (signal === 'SIGKILL') {
      this.died('the invitee')
      await sleep(when * 50)
      listener.kill('SIGKILL')
      await this.hasDied(listener)
      return
    }
    await this.hasDied(listener)
    const restarted = await this.listen()
    const second = await this.dyingInvitee().end()
    if (second.signal === 'SIGKILL') this.died('the invitee')
    restarted.kill('SIGKILL')
    await this.hasDied(restarted)
  }

  async #bootstrapIsKilled(): Promise<Child> {
    const listener = await this.listen()
    const child = this.beginBootstrap()
    await sleep(this.plan.when * this.spanMs)
    child.kill('SIGKILL')
    const ended = await child.end()
    if (ended.signal === 'SIGKILL') this.died('the invitee')
    this.heard(ended)
    return listener
  }

  async #listenIsKilled(): Promise<void> {
    const listener = await this.listen()
    const child = this.beginBootstrap()
    await sleep(this.plan.when * this.spanMs)
    listener.kill('SIGKILL')
    await this.hasDied(listener)
    this.heard(await child.end())
  }

  /** Another one comes at the same place, and the listener to it. */
  async #relayDies(): Promise<Child> {
    const dying = await this.relay(this.plan.relay)
    const listener = await this.listen()
    if (dying === undefined) throw new Error('there is no relay')
    await this.#bootstrapUntilOver(dying)
    await this.hasDied(dying)
    await this.relay()
    await listener.said('"isBack":true')
    return listener
  }

  /** On a busy machine an attempt may end before it comes to anybody's point: then there is another one. */
  async #bootstrapUntilOver(dying: Child): Promise<void> {
    for (let tries = 0; tries < TRIES && !dying.isOver; tries += 1) {
      if (await this.bootstrap()) return
    }
  }

  async #letEnd(listener: Child): Promise<void> {
    listener.kill('SIGTERM')
    const { signal } = await listener.end()
    if (signal === 'SIGKILL') this.died('the inviter')
  }
}
