import { join } from 'node:path'
import { check } from './checks/check.ts'
import { deniedComplaints } from './checks/check-denied.ts'
import type { Child, Ended } from './children.ts'
import { RoundActs } from './round-acts.ts'
import { complaintsOfStrangers } from './strangers.ts'

/**
 * Somebody dies of the inviter's yes or no: the listener that is told it, or the command that says it. Either the word stands
 * afterwards or nothing was said; said again it stands, and is what Bob hears. After a no the use is Carol's.
 */
export class DecidingRound extends RoundActs {
  /** @returns how many attempts it took after the last death */
  async run(): Promise<number> {
    const { says } = this.plan
    const [id, living] = await this.#untilDeath()
    const listener = living ?? (await this.listen())
    await this.#standsAsItShould(id)
    await this.#sayAgain(id)
    const tries = says === 'yes' ? await this.insist() : await this.#denied()
    const complaints = await complaintsOfStrangers(this.scene)
    complaints.push(...(await this.stop(listener)))
    const holder = says === 'yes' ? this.scene.bob : this.#carol
    complaints.push(...(await check({ ...this.scene, bob: holder }, this.completed)))
    if (says === 'no') complaints.push(...(await deniedComplaints(this.scene.bob)))
    if (complaints.length > 0) throw new Error(complaints.join('\n'))
    return tries
  }

  get #carol(): string {
    return join(this.scene.root, 'carol')
  }

  /** @returns the request, and the listener if it still lives */
  async #untilDeath(): Promise<[id: string, listener?: Child]> {
    const { kind, inviter } = this.plan
    if (kind === 'inviter decides') {
      const dying = await this.dyingListener(inviter)
      const waiting = this.beginBootstrap(this.scene.bob, ['--wait', '10m'])
      const id = await this.#asked(waiting)
      await this.say(this.plan.says, id)
      await this.hasDied(dying)
      waiting.kill('SIGKILL')
      await waiting.end()
      return [id]
    }
    const listener = await this.listen()
    if (await this.bootstrap()) throw new Error('a tally without the inviter’s yes')
    const id = await this.#asked()
    if (kind === 'decider tells') {
      await this.#deciderDies(id)
      return [id, listener]
    }
    listener.kill('SIGTERM')
    await listener.end()
    await this.#deciderDies(id)
    return [id]
  }

  async #deciderDies(request: string): Promise<void> {
    const { alice: directory } = this.scene
    const { says, inviter: death } = this.plan
    await this.hasDied(this.children.dyingDecider({ directory, request, says, death }))
  }

  /** The request that was made; also of somebody who is about to make it. */
  async #asked(waiting?: Child): Promise<string> {
    for (;;) {
      const isLast = waiting?.isOver !== false
      const pending = await this.requests()
      if (pending.length > 1) throw new Error(`I2: ${pending.length} requests wait`)
      const [request] = pending
      if (request !== undefined) return request.id
      if (isLast) throw new Error('I2: nobody waits')
    }
  }

  /** What was durable before the death is there after it, and nothing else. */
  async #standsAsItShould(id: string): Promise<void> {
    const { says, point } = this.plan
    const isSaid = point.startsWith('after ') || point.endsWith(' ComeNow')
    const said = says === 'yes' ? [`${id} approved`] : []
    const expected = isSaid ? said : [`${id} waiting`]
    const found = (await this.requests()).map((each) => `${each.id} ${each.state}`)
    if (found.join() !== expected.join())
      throw new Error(`I2: the requests are ${found.join() || 'none'}, not ${expected.join()}`)
  }

  async #sayAgain(id: string): Promise<void> {
    const { says } = this.plan
    const ended = await this.say(says, id)
    const isStanding = says === 'yes' ? isSaidBefore(ended) : codeOf(ended) === 'not_found'
    if (ended.code !== 0 && !isStanding) throw new Error(`I2: the word ended with ${ended.code}`)
  }

  /** Bob hears the no each time he comes, and Carol gets the use. @returns how many tries it took her */
  async #denied(): Promise<number> {
    for (let times = 0; times < 2; times += 1) {
      const ended = await this.beginBootstrap().end()
      if (this.heard(ended)) throw new Error('I2: a tally after the inviter’s no')
      if (codeOf(ended) !== 'denied') throw new Error(`I2: Bob was told ${codeOf(ended)}`)
    }
    await this.sayYes(this.#carol)
    return await this.insist(this.#carol)
  }
}

function codeOf({ stdout }: Ended): string {
  return String(JSON.parse(stdout).error?.code)
}

function isSaidBefore(ended: Ended): boolean {
  return codeOf(ended) === 'not_waiting' && /you said yes before/i.test(ended.stdout)
}
