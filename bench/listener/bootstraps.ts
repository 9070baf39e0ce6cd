import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import * as z from 'zod'
import type { Role } from '../../src/protocol/base/role.ts'
import type { SessionConfig } from '../../src/session/config/session-config.ts'
import { Contender } from '../load/contender.ts'
import type { Child } from '../process/child.ts'
import type { Place } from '../process/place.ts'
import { storeCountsSchema, storeProblem } from './store-check.ts'

/**
 * Settings that a bench changes: admission lets everything through, because one process plays all the peers.
 * All else is as `taleus listen` has it.
 */
export const BENCH_CONFIG: Partial<SessionConfig> = {
  maxConcurrentSessions: 10_000,
  maxSessionsPerPeer: 10_000,
  rateLimitPerPeer: 100_000_000,
  rateLimitPerAddress: 100_000_000,
  rateLimitTotal: 100_000_000,
}

/** Options of a listener's process. */
export interface ListenerOptions {
  /** Its data directory. */
  readonly directory: string
  readonly config?: Partial<SessionConfig>
  /** One session in ten meets a hook that goes wrong. @default false */
  readonly hooksFail?: boolean
  /** Standing ones. */
  readonly invitations: readonly { readonly role: Role; readonly required?: readonly string[] }[]
}

/** The answer of a listener's process about itself. */
export const listenerStateSchema = z.object({
  uncaught: z.array(z.string()),
  /** Sessions under way. */
  active: z.number(),
  /** Uses of the first invitation that are held. */
  reserved: z.number(),
  store: storeCountsSchema,
})

export type ListenerState = z.infer<typeof listenerStateSchema>

/** Starts a listener. @returns its process, and the links of its invitations */
export async function startListener(
  place: Place,
  options: Omit<ListenerOptions, 'directory'>,
): Promise<{ readonly server: Child; readonly links: readonly string[] }> {
  const directory = join(place.directory, 'inviter')
  const text = JSON.stringify({ directory, ...options })
  const server = await place.child('listener/listener-process.ts', text)
  return { server, links: z.array(z.string()).parse(server.greeting) }
}

/** The two sides of the bootstraps. */
export interface ListenerSetting {
  /** The inviter's role. */
  readonly role: Role
  /** `light` keeps nothing; `whole` is the invitee as `taleus bootstrap` runs it. */
  readonly client: 'light' | 'whole'
  /** The most bootstraps at a time. */
  readonly concurrency: number
}

export const LIGHT_STOCK = { role: 'stock', client: 'light', concurrency: 100 } as const

/** Disclosures of a light invitee. A whole one gives none, and so the messages are those of a light one without. */
const DISCLOSED = { name: 'Bob Baker', email: 'bob@example.org' }

/** No invitee waits until its acknowledgment was checked and stored: the last ones may be under way, ms. */
const LAST_WORDS_MS = 3_000
const LOOK_AGAIN_MS = 100

/** A listener and an invitee. */
export class Bootstraps extends Contender {
  /** The messages of one bootstrap, for the bare exchange to imitate. */
  readonly frames: string
  readonly #isWhole: boolean

  private constructor(server: Child, client: Child, frames: string, isWhole: boolean) {
    super(server, client)
    this.frames = frames
    this.#isWhole = isWhole
  }

  static async start(place: Place, setting: ListenerSetting): Promise<Bootstraps> {
    const isWhole = setting.client === 'whole'
    const count = isWhole ? setting.concurrency + 1 : 1
    const invitations = Array.from({ length: count }, () => ({ role: setting.role }))
    const { server, links } = await startListener(place, { invitations })
    const [first = '', ...rest] = links
    const disclosed = JSON.stringify(isWhole ? {} : DISCLOSED)
    const light = await place.child('listener/light-client.ts', first, disclosed)
    const frames = z.string().parse(light.greeting)
    if (!isWhole) return new Bootstraps(server, light, frames, isWhole)
    await light.stop()
    const directory = join(place.directory, 'invitee')
    const client = await place.child('listener/whole-client.ts', directory, ...rest)
    return new Bootstraps(server, client, frames, isWhole)
  }

  /**
   * Looks for a problem in the stores. Call when no load runs.
   * @param again bootstraps that were tried again: each may have left a session that is not complete
   * @returns undefined if all is as it should be
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
    const { uncaught, store } = listenerStateSchema.parse(await this.server.ask({ ask: 'state' }))
    if (uncaught[0] !== undefined) return `uncaught: ${uncaught[0]}`
    // The first bootstrap only told how long the messages are.
    const inviter = storeProblem(store, this.ended + 1, again)
    if (inviter !== undefined) return `inviter: ${inviter}`
    if (!this.#isWhole) return undefined
    const counts = storeCountsSchema.parse(await this.client.ask({ ask: 'store' }))
    const invitee = storeProblem(counts, this.ended)
    return invitee === undefined ? undefined : `invitee: ${invitee}`
  }
}
