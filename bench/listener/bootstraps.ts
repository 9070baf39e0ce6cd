import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import * as z from 'zod'
import type { Role } from '../../src/protocol/base/role.ts'
import type { SessionConfig } from '../../src/session/config/session-config.ts'
import { Contender } from '../load/contender.ts'
import type { Child } from '../process/child.ts'
import type { Place } from '../process/place.ts'
import { type Checkout, HERE, type ListenerOptions } from './checkout.ts'
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

/** In some checkouts a listener's process answers with the counts of its store alone. */
const countedSchema = z.union([
  listenerStateSchema,
  storeCountsSchema.transform((store) => ({ uncaught: [], store })),
])

/** Starts a listener. @returns its process, and the links of its invitations */
export async function startListener(
  place: Place,
  options: Omit<ListenerOptions, 'directory'>,
  { name, root, layout }: Checkout = HERE,
): Promise<{ readonly server: Child; readonly links: readonly string[] }> {
  const directory = join(place.directory, `inviter-${name}`)
  const args = layout.listenerArgs({ directory, ...options })
  const server = await place.child(join(root, layout.listener), ...args)
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
  readonly #checkout: Checkout

  private constructor(
    sides: { readonly server: Child; readonly client: Child },
    frames: string,
    isWhole: boolean,
    checkout: Checkout,
  ) {
    super(sides.server, sides.client)
    this.frames = frames
    this.#isWhole = isWhole
    this.#checkout = checkout
  }

  /** @param checkout its listener and whole invitee are started; the light invitee is always ours */
  static async start(
    place: Place,
    setting: ListenerSetting,
    checkout: Checkout = HERE,
  ): Promise<Bootstraps> {
    const isWhole = setting.client === 'whole'
    const count = isWhole ? setting.concurrency + 1 : 1
    const invitations = Array.from({ length: count }, () => ({ role: setting.role }))
    const { server, links } = await startListener(place, { invitations }, checkout)
    const [first = '', ...rest] = links
    const disclosed = JSON.stringify(isWhole ? {} : DISCLOSED)
    const light = await place.child('listener/light-client.ts', first, disclosed)
    const frames = z.string().parse(light.greeting)
    if (!isWhole) return new Bootstraps({ server, client: light }, frames, isWhole, checkout)
    await light.stop()
    const directory = join(place.directory, `invitee-${checkout.name}`)
    const module = join(checkout.root, checkout.layout.wholeClient)
    const client = await place.child(module, directory, ...rest)
    return new Bootstraps({ server, client }, frames, isWhole, checkout)
  }

  /**
   * Looks for a problem in the stores. Call when no load runs.
   * @returns undefined if all is as it should be
   */
  async problem(): Promise<string | undefined> {
    const until = performance.now() + LAST_WORDS_MS
    for (;;) {
      const found = await this.#problemNow()
      if (found === undefined || performance.now() > until) return found
      await sleep(LOOK_AGAIN_MS)
    }
  }

  async #problemNow(): Promise<string | undefined> {
    const answer = await this.server.ask({ ask: this.#checkout.layout.question })
    const { uncaught, store } = countedSchema.parse(answer)
    if (uncaught[0] !== undefined) return `uncaught: ${uncaught[0]}`
    // The first bootstrap only told how long the messages are. Each that was tried again may have left a session.
    const inviter = storeProblem(store, this.ended + 1, this.again)
    if (inviter !== undefined) return `inviter: ${inviter}`
    if (!this.#isWhole) return undefined
    const counts = storeCountsSchema.parse(await this.client.ask({ ask: 'store' }))
    const invitee = storeProblem(counts, this.ended)
    return invitee === undefined ? undefined : `invitee: ${invitee}`
  }
}
