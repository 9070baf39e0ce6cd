import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import * as z from 'zod'
import type { Role } from '../src/protocol/base/role.ts'
import { type Child, startChild } from './child.ts'
import { type Load, measuredSchema, type WatchedContender } from './load.ts'
import { type ProcessUsage, processUsageSchema } from './process-usage.ts'
import { type StoreCounts, storeProblem } from './store-check.ts'

const linksSchema = z.array(z.string())
const framesSchema = z.string()
const countsSchema = z.object({
  tallies: z.number(),
  confirmed: z.number(),
  receipted: z.number(),
  incomplete: z.number(),
  auditRecords: z.number(),
  auditOk: z.boolean(),
})

/** How the inviter's side is loaded. */
export interface ListenerSetting {
  /** The inviter's role. */
  readonly role: Role
  /** `light` keeps nothing; `whole` is the invitee as `taleus bootstrap` runs it. */
  readonly client: 'light' | 'whole'
  /** The most bootstraps at a time. */
  readonly concurrency: number
}

/** What a light invitee tells. A whole one tells nothing, so that both have the same messages. */
const DISCLOSED = { name: 'Bob Baker', email: 'bob@example.org' }

/** A listener and an invitee. */
export class ListenerContender implements WatchedContender {
  readonly name = 'ours'
  /** The messages of one bootstrap, for the bare exchange to imitate. */
  readonly frames: string
  readonly #directory: string
  readonly #server: Child
  readonly #client: Child
  readonly #isWhole: boolean
  #bootstraps = 0
  #measured = 0
  #commits = 0

  private constructor(
    directory: string,
    { server, client, frames }: { server: Child; client: Child; frames: string },
    isWhole: boolean,
  ) {
    this.#directory = directory
    this.#server = server
    this.#client = client
    this.#isWhole = isWhole
    this.frames = frames
  }

  /** @param parent where the data directories are made, and removed at the end */
  static async start(parent: string, setting: ListenerSetting): Promise<ListenerContender> {
    const { role, client: kind, concurrency } = setting
    const isWhole = kind === 'whole'
    const directory = mkdtempSync(join(parent, 'run-'))
    const invitations = isWhole ? concurrency + 1 : 1
    const inviter = join(directory, 'inviter')
    const server = await startChild('listener-server.ts', inviter, role, `${invitations}`)
    const [first = '', ...links] = linksSchema.parse(server.greeting)
    const disclosed = JSON.stringify(isWhole ? {} : DISCLOSED)
    const light = await startChild('light-client.ts', first, disclosed)
    const frames = framesSchema.parse(light.greeting)
    if (!isWhole) {
      return new ListenerContender(directory, { server, client: light, frames }, isWhole)
    }
    await light.stop()
    const client = await startChild('whole-client.ts', join(directory, 'invitee'), ...links)
    return new ListenerContender(directory, { server, client, frames }, isWhole)
  }

  /** What was measured until now was to warm up: it counts as bootstraps, but not in `commitsEach`. */
  warmedUp(): void {
    this.#measured = 0
    this.#commits = 0
  }

  /** Commits of the listener's store for each measured bootstrap. */
  get commitsEach(): number {
    return this.#commits / this.#measured
  }

  async measure(load: Load) {
    const before = await this.usage()
    const measured = measuredSchema.parse(await this.#client.ask(load))
    const after = await this.usage()
    this.#bootstraps += load.count - measured.failed
    this.#measured += load.count
    this.#commits += after.commits - before.commits
    return { ...measured, serverCpu: (after.cpu - before.cpu) / load.count }
  }

  /**
   * What is wrong with what the stores hold, if anything. Call when no load runs.
   * @param again bootstraps that were tried again: each may have left a session that is not complete
   */
  async problem(again = 0): Promise<string | undefined> {
    const until = performance.now() + LAST_WORDS_MS
    for (;;) {
      const found = await this.#problemNow(again)
      if (found === undefined || performance.now() > until) return found
      await sleep(LOOK_AGAIN_MS)
    }
  }

  async #problemNow(again: number): Promise<string | undefined> {
    // The first bootstrap only told how long the messages are.
    const inviter = storeProblem(await countsOf(this.#server), this.#bootstraps + 1, again)
    if (inviter !== undefined) return `inviter: ${inviter}`
    if (!this.#isWhole) return undefined
    const invitee = storeProblem(await countsOf(this.#client), this.#bootstraps)
    return invitee === undefined ? undefined : `invitee: ${invitee}`
  }

  async stop(): Promise<void> {
    await this.#client.stop()
    await this.#server.stop()
    rmSync(this.#directory, { recursive: true, force: true })
  }

  async usage(collect = false): Promise<ProcessUsage> {
    return processUsageSchema.parse(await this.#server.ask({ ask: 'usage', collect }))
  }
}

/** No invitee waits until its acknowledgment was checked and stored: the last ones may be under way, ms. */
const LAST_WORDS_MS = 3_000
const LOOK_AGAIN_MS = 100

async function countsOf(child: Child): Promise<StoreCounts> {
  return countsSchema.parse(await child.ask({ ask: 'store' }))
}
