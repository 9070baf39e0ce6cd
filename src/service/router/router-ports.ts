import { setTimeout as sleep } from 'node:timers/promises'
import { classifyAddress } from '../../network/address/addresses.ts'
import { withinTime } from '../../network/guard/within-time.ts'
import { type FindRoutersOptions, findRouters } from '../../network/router/find-routers.ts'
import { type OwnPort, Router, RouterError } from '../../network/router/router.ts'
import { compact } from '../../protocol/base/compact.ts'
import type { RouterState } from './router-state.ts'

/** How long a mapping lasts unless it is renewed, seconds: so long a port stays open when this process is killed. */
const LEASE_SECONDS = 3_600

/** How often they are renewed, ms: a router that was started anew has forgotten them. */
const RENEW_MS = 300_000

/** How soon it is tried again after a failure, ms; each time twice as late, until that is as seldom as renewing. */
const AGAIN_MS = 15_000

/** How long a router may take for one answer, ms: some have slow processors. */
const ANSWER_MS = 5_000

/** How long all of it may take at the end, ms. */
const REMOVE_MS = 1_000

/** Ports that are mapped, at most. */
const MAX_PORTS = 4

const LISTENED = /^\/ip4\/([\d.]+)\/tcp\/(\d+)(\/ws)?$/

export interface RouterPortsInit {
  /** Multiaddrs that are listened on. */
  listened(): readonly string[]
  /** The router has begun to map ports or has ceased to, or the cause is another one. */
  onChange(state: RouterState): void
  /** Where to search, and for how long. @default the local networks */
  readonly search?: Pick<FindRoutersOptions, 'group' | 'searchMs'>
  /** @default RENEW_MS */
  readonly renewMs?: number
  /** @default AGAIN_MS */
  readonly againMs?: number
  /** @default ANSWER_MS */
  readonly answerMs?: number
  /** Tells whether a multiaddr is one of a network that a router may stand before. @default those at home, and providers' */
  isInside?(address: string): boolean
}

interface OwnPlace extends OwnPort {
  /** The end of the multiaddr: `/ws`, or nothing. */
  readonly way: string
}

interface Mapped extends OwnPlace {
  readonly external: number
}

/**
 * Has the router of a home network pass connections on to a listener's ports: asks for it, renews it, and ends it. No
 * failure is the listener's. Whether anybody comes in that way is for others to prove.
 */
export class RouterPorts {
  readonly #init: RouterPortsInit
  readonly #over = new AbortController()
  #state: RouterState = { state: 'asked', since: Date.now(), addresses: [] }
  #router: Router | undefined
  /** The last one that has mapped something. */
  #mapper: Router | undefined
  #mapped: readonly Mapped[] = []
  /** Monotonic ms when the mappings end by themselves. */
  #endsAt = 0
  #running: Promise<void> | undefined

  constructor(init: RouterPortsInit) {
    this.#init = init
  }

  get state(): RouterState {
    return this.#state
  }

  start(): void {
    this.#running ??= this.#run(this.#over.signal)
  }

  /** Removes what was mapped; a router that does not answer within a second forgets it by itself. */
  async stop(): Promise<void> {
    this.#over.abort()
    await this.#running
    const signal = AbortSignal.timeout(REMOVE_MS)
    const mapped = this.#mapped
    this.#mapped = []
    await Promise.allSettled(
      mapped.map(async (each) => await this.#mapper?.unmap(each, each.external, signal)),
    )
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { renewMs = RENEW_MS, againMs = AGAIN_MS } = this.#init
    for (let failures = 0; !signal.aborted; ) {
      try {
        await this.#mapAll(signal)
        failures = 0
      } catch (error) {
        if (signal.aborted) return
        this.#fail(error)
        failures += 1
      }
      const ms = failures === 0 ? renewMs : Math.min(againMs * 2 ** (failures - 1), renewMs)
      await sleep(ms, undefined, { signal, ref: false }).catch(() => undefined)
    }
  }

  async #mapAll(signal: AbortSignal): Promise<void> {
    this.#router ??= await this.#find(signal)
    const router = this.#router
    const external = await this.#soon(signal, async (soon) => await router.externalAddress(soon))
    try {
      await this.#mapAt(router, signal)
    } catch (error) {
      // A router behind another one may refuse for that alone.
      if (isPublic(external)) throw error
    }
    this.#tell(router, external)
  }

  /** @throws RouterError if none of the ports can be had, or the router does not answer */
  async #mapAt(router: Router, signal: AbortSignal): Promise<void> {
    let refusal: unknown
    let count = 0
    for (const port of portsAt(this.#init.listened(), router.own)) {
      try {
        await this.#mapOne(router, port, signal)
        count += 1
      } catch (error) {
        if (!isRefusal(error)) throw error
        this.#mapped = this.#mapped.filter((each) => each.port !== port.port)
        refusal = error
      }
    }
    if (count === 0 && refusal !== undefined) throw refusal
  }

  async #mapOne(router: Router, port: OwnPlace, signal: AbortSignal): Promise<void> {
    const before = this.#mapped.find((each) => each.port === port.port)
    const wanted = before?.external ?? port.port
    const external = await this.#soon(
      signal,
      async (soon) => await router.map(port, wanted, LEASE_SECONDS, soon),
    )
    this.#mapper = router
    this.#endsAt = performance.now() + LEASE_SECONDS * 1_000
    const others = this.#mapped.filter((each) => each !== before)
    this.#mapped = [...others, { ...port, external }]
    if (before === undefined || before.external === external) return
    await this.#soon(
      signal,
      async (soon) => await router.unmap(before, before.external, soon),
    ).catch(() => undefined)
  }

  /** @throws RouterError if nobody answers who maps ports */
  async #find(signal: AbortSignal): Promise<Router> {
    const { search, listened, isInside = isAtHome } = this.#init
    const own = [
      ...new Set(
        listened()
          .filter(isInside)
          .flatMap((address) => hostOf(address)),
      ),
    ]
    if (own.length === 0) throw new RouterError('nothing is listened on that a router could map')
    const found = await findRouters({ ...search, own, signal })
    let failure: unknown = new RouterError('no router on this network answers to UPnP')
    for (const each of found) {
      try {
        return await this.#soon(signal, async (soon) => await Router.open(each, soon))
      } catch (error) {
        failure = new RouterError(`the router ${each.host} ${causeOf(error)}`)
      }
    }
    throw failure
  }

  async #soon<T>(signal: AbortSignal, work: (soon: AbortSignal) => Promise<T>): Promise<T> {
    return await withinTime(this.#init.answerMs ?? ANSWER_MS, signal, work)
  }

  #tell({ host: router }: Router, external: string): void {
    const problem = isPublic(external)
      ? undefined
      : `the router ${router} has no public address itself (${external}): another router, or your provider’s, is before it`
    const addresses =
      problem === undefined
        ? this.#mapped.map((each) => `/ip4/${external}/tcp/${each.external}${each.way}`)
        : []
    const state = problem === undefined ? 'mapped' : 'failed'
    this.#become({ state, router, addresses, ...compact({ problem }) })
  }

  #fail(error: unknown): void {
    const router = this.#router?.host
    const cause = causeOf(error)
    const problem = router === undefined ? cause : `the router ${router} ${cause}`
    this.#router = undefined
    // Until then the router may pass on what it does not talk of.
    if (performance.now() >= this.#endsAt) this.#mapped = []
    const addresses = this.#mapped.length === 0 ? [] : this.#state.addresses
    this.#become({ state: 'failed', addresses, problem, ...compact({ router }) })
  }

  #become(next: Omit<RouterState, 'since'>): void {
    const { since, ...before } = this.#state
    if (JSON.stringify(before) === JSON.stringify(next)) return
    const isSame = before.state === next.state
    this.#state = { ...next, since: isSame ? since : Date.now() }
    this.#init.onChange(this.#state)
  }
}

function isRefusal(error: unknown): boolean {
  return error instanceof RouterError && error.upnpCode !== undefined
}

/** Words that follow a router's name, or stand alone. */
function causeOf(error: unknown): string {
  if (error instanceof RouterError) return error.message
  const { name } = error instanceof Error ? error : { name: '' }
  if (name === 'AbortError' || name === 'TimeoutError') return 'does not answer in time'
  return 'does not answer'
}

function isPublic(address: string): boolean {
  return classifyAddress(`/ip4/${address}`) === 'public'
}

function isAtHome(address: string): boolean {
  const scope = classifyAddress(address)
  return scope === 'private' || scope === 'reserved' || scope === 'cgnat'
}

function hostOf(address: string): readonly string[] {
  const [, host] = LISTENED.exec(address) ?? []
  return host === undefined ? [] : [host]
}

function portsAt(listened: readonly string[], own: string): readonly OwnPlace[] {
  return listened
    .flatMap((address) => {
      const [, host, port, way = ''] = LISTENED.exec(address) ?? []
      return host === own ? [{ own, port: Number(port), way }] : []
    })
    .slice(0, MAX_PORTS)
}
