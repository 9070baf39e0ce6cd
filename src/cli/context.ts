import { existsSync } from 'node:fs'
import { compact } from '../protocol/base/compact.ts'
import type { Listener } from '../service/listener/listener.ts'
import type { ReapDirectoryPorts } from '../service/maintenance/reap-directory.ts'
import type { OwnKey } from '../service/node/own-key.ts'
import type { HearDial, Redeemer, SharingProcess } from '../service/redeeming/redeemer.ts'
import type { StoreUsage } from '../service/status/store-usage.ts'
import type { ForwardOnlyClock } from '../session/clock/forward-only-clock.ts'
import type { SessionConfig } from '../session/config/session-config.ts'
import {
  type DataDirectory,
  holdsParty,
  openDataDirectory,
  openPartyDirectory,
} from '../store/directory/data-directory.ts'
import { isLocked } from '../store/directory/process-lock.ts'
import { hasStore } from '../store/directory/store-marker.ts'
import type { PartyStore } from '../store/query/party-store.ts'
import type { HooksInUse, HooksWish } from './hooks/open-hooks.ts'
import type { ListenerOptions } from './listener-options.ts'
import type { Locations } from './locations.ts'
import type { NewParty } from './output/output.ts'
import { openSettings, type Settings } from './settings/settings.ts'
import { storeChoice } from './settings/store-choice.ts'

/** Everything a command works with. The only place that knows every adapter; each is loaded at first need. */
export interface Context {
  readonly directory: DataDirectory
  /** The settings: flag, environment, file, default. @throws SettingsFileError */
  settings(): Promise<Settings>
  /** This directory's private key; a new one is made at first need, if that is what the command is for. @throws KeyFileError */
  privateKey(): Promise<Uint8Array>
  /** The same, where it is the party's own. @throws NodeDirectoryError where it is that of a node; KeyFileError */
  partyKey(): Promise<Uint8Array>
  /** This party's peer id, `12D3KooW…`. */
  peerId(): Promise<string>
  /** The peer id of this directory's key, which signs its audit: another one than the party's where it is a node's. */
  keyId(): Promise<string>
  /** The store, made at first need. Close the context afterwards. @throws as `openPartyStore` */
  store(): Promise<PartyStore>
  /** True if there is a store, or a server is named for it. Makes none. @throws SettingsFileError */
  hasStore(): Promise<boolean>
  /** How full the store is; undefined if there is none, and then none is made. @throws StoreError, StoreDamagedError */
  usage(): Promise<StoreUsage | undefined>
  /** The clock that expiry is judged by: it never goes back below the highest time seen here. @throws StoreError */
  clock(): Promise<ForwardOnlyClock>
  /** True if a listener holds this directory. Loads and makes nothing. */
  isServed(): boolean
  /** A listener with the hooks of the settings, not started. */
  listener(wanted: ListenerOptions, hooks?: HooksWish): Promise<Listener>
  /** Everything that reaping needs, with the same hooks. */
  reaping(): Promise<ReapDirectoryPorts>
  /** The invitee's node with the same hooks, not started. */
  redeemer(config: Partial<SessionConfig>, wanted?: RedeemerOptions): Promise<Redeemer>
  /**
   * Waits for hooks of the user's own and for the disk, but not for ever: a process that is to end must end. Call it
   * before `close`.
   * @throws StoreStalledError if what was written may not be there
   */
  settle(): Promise<void>
  /** Commits, flushes and closes what was opened. Idempotent. */
  close(): Promise<void>
}

export interface RedeemerOptions extends HooksWish {
  /** Hears of each address that is dialled. */
  readonly hearDial?: HearDial
  /** Hears what hooks of the user's own have to say. */
  readonly hearHooks?: (note: string) => void
}

/** Told once when a run has made a new party. */
export type NewPartyTold = (party: NewParty) => void

/**
 * Opens what a command works with, runs the command, and closes everything again, also when the command fails.
 * @param newParty for commands that make a party where there is none; all others are for a party that there is
 * @throws NoPartyError, DataDirectoryError, and what the command throws
 */
export async function withContext<Answer>(
  locations: Locations,
  command: (context: Context) => Answer | Promise<Answer>,
  newParty?: NewPartyTold,
): Promise<Answer> {
  const context = new LazyContext(locations, newParty)
  try {
    const answer = await Promise.race([command(context), context.stalled()])
    await context.settle()
    return answer
  } finally {
    await context.settle().catch(() => undefined)
    await context.close()
  }
}

/** For what outlives one call: close it yourself. Makes a party where there is none. @throws DataDirectoryError */
export function openContext(
  locations: Locations,
  newParty: NewPartyTold,
  environment: NodeJS.ProcessEnv = process.env,
): Context {
  return new LazyContext(locations, newParty, environment)
}

/** True if the data directory is there, and holds a party. @throws DataDirectoryError */
export function isParty({ dataDirectory }: Locations): boolean {
  return existsSync(dataDirectory) && holdsParty(openDataDirectory(dataDirectory))
}

/** How long a command waits for one commit, ms: far more than a slow disk needs, and less than a person waits. */
const MAX_COMMIT_MS = 10_000

/** How often that is looked at, ms. */
const LOOK_MS = 500

class LazyContext implements Context {
  readonly directory: DataDirectory
  readonly #locations: Locations
  #settings: Promise<Settings> | undefined
  #store: Promise<PartyStore> | undefined
  #opened: PartyStore | undefined
  #clock: Promise<ForwardOnlyClock> | undefined
  readonly #closers: (() => void)[] = []
  readonly #endings: (() => Promise<void>)[] = []
  readonly #newParty: NewPartyTold | undefined
  readonly #environment: NodeJS.ProcessEnv

  constructor(
    locations: Locations,
    newParty: NewPartyTold | undefined,
    environment: NodeJS.ProcessEnv = process.env,
  ) {
    this.#locations = locations
    this.#environment = environment
    this.#newParty = newParty
    const open = newParty === undefined ? openPartyDirectory : openDataDirectory
    this.directory = open(locations.dataDirectory)
  }

  settings(): Promise<Settings> {
    this.#settings ??= openSettings(this.#locations.settingsDirectory, this.#environment)
    return this.#settings
  }

  async privateKey(): Promise<Uint8Array> {
    return (await this.#ownKey()).bytes()
  }

  async partyKey(): Promise<Uint8Array> {
    return await (await this.#ownKey()).ofParty()
  }

  async peerId(): Promise<string> {
    return await (await this.#ownKey()).partyId()
  }

  async keyId(): Promise<string> {
    return (await this.#ownKey()).id()
  }

  store(): Promise<PartyStore> {
    this.#store ??= this.#openStore()
    return this.#store
  }

  async hasStore(): Promise<boolean> {
    return hasStore(this.directory) || (await this.#storeChoice()).server !== undefined
  }

  async usage(): Promise<StoreUsage | undefined> {
    if (!(await this.hasStore())) return undefined
    const { storeUsage } = await import('../service/status/store-usage.ts')
    return await storeUsage(this.directory, await this.store())
  }

  clock(): Promise<ForwardOnlyClock> {
    this.#clock ??= this.#wind()
    return this.#clock
  }

  isServed(): boolean {
    return isLocked(this.directory.lockFile)
  }

  async listener(options: ListenerOptions, wish: HooksWish = {}): Promise<Listener> {
    const { nodeLeaseMs, ...wanted } = options
    const { Listener } = await import('../service/listener/listener.ts')
    const { directory } = this
    const { hooks, notes: hookNotes, ownNames: ownHooks } = await this.#hooks(wish)
    const base = { directory, store: await this.store(), hooks, hookNotes, ownHooks }
    const keys = { key: await this.privateKey(), node: await (await this.#ownKey()).node() }
    const lease = await this.#lease(nodeLeaseMs)
    return new Listener({ ...base, ...wanted, ...keys, clock: await this.clock(), lease })
  }

  async reaping(): Promise<ReapDirectoryPorts> {
    const { directory } = this
    const [store, clock] = [await this.store(), await this.clock()]
    return { directory, store, clock, hooks: async () => (await this.#hooks()).hooks }
  }

  async redeemer(
    config: Partial<SessionConfig>,
    { hearDial, hearHooks, ...wish }: RedeemerOptions = {},
  ): Promise<Redeemer> {
    const { Redeemer } = await import('../service/redeeming/redeemer.ts')
    const { StoreWitness } = await import('../service/witness/store-witness.ts')
    const key = await this.partyKey()
    const store = await this.store()
    const { hooks, notes } = await this.#hooks(wish)
    if (hearHooks !== undefined) notes?.onSaid(hearHooks)
    const base = { store, hooks, config, witness: new StoreWitness(store) }
    const [clock, process] = [await this.clock(), await this.#process()]
    return new Redeemer({ ...base, key, clock, process, ...compact({ hearDial }) })
  }

  async settle(): Promise<void> {
    await Promise.all(this.#endings.map((end) => end()))
    const store = this.#opened
    if (store === undefined || (await store.settle())) return
    const { leaveWithoutDisk } = await import('./leave.ts')
    leaveWithoutDisk()
    const { StoreStalledError } = await import('../store/errors.ts')
    throw new StoreStalledError(store.path, { on: store.nodes === undefined ? 'disk' : 'server' })
  }

  /** Rejects if the disk does not answer: a command is not to wait for ever. @throws StoreStalledError */
  stalled(): Promise<never> {
    return new Promise((_, reject) => {
      const timer = setInterval(() => {
        if ((this.#opened?.oldestCommitMs ?? 0) >= MAX_COMMIT_MS) this.settle().catch(reject)
      }, LOOK_MS).unref()
      this.#closers.push(() => clearInterval(timer))
    })
  }

  async close(): Promise<void> {
    for (const close of this.#closers.splice(0)) close()
    const store = this.#opened
    this.#opened = undefined
    this.#store = undefined
    await store?.close()
  }

  async #ownKey(): Promise<OwnKey> {
    const { OwnKey } = await import('../service/node/own-key.ts')
    return new OwnKey(this.directory, this.#newParty)
  }

  /** The key comes first: a store without its key is a damaged directory, a key alone is a new one. */
  async #openStore(): Promise<PartyStore> {
    const opener = { party: await this.peerId(), peerId: await this.keyId() }
    const { openPartyStore } = await import('../store/transaction/open-party-store.ts')
    this.#opened = await openPartyStore(this.directory, await this.#storeChoice(), opener)
    return this.#opened
  }

  /** Loaded only where several nodes share the store. */
  async #lease(wantedMs: number | undefined) {
    const store = await this.store()
    if (store.nodes === undefined) return undefined
    const { nodeLeaseOf } = await import('../store/postgres/lease-of.ts')
    const leaseMs = (await this.settings()).number('node-lease', wantedMs)
    return nodeLeaseOf(store, this.directory, leaseMs)
  }

  async #storeChoice() {
    return storeChoice(await this.settings(), this.#environment, this.#locations.store)
  }

  async #wind(): Promise<ForwardOnlyClock> {
    const { windClock } = await import('../service/listener/wind-clock.ts')
    return await windClock(await this.store())
  }

  async #process(): Promise<SharingProcess> {
    const { sharingProcess } = await import('../service/redeeming/sharing-process.ts')
    const { process, release } = sharingProcess(this.directory, await this.store())
    this.#closers.push(release)
    return process
  }

  async #hooks(wish: HooksWish = {}): Promise<HooksInUse> {
    const { openHooks } = await import('./hooks/open-hooks.ts')
    const [settings, store, clock] = [await this.settings(), await this.store(), await this.clock()]
    const { directory } = this
    const now = () => clock.now()
    const opened = await openHooks({
      directory,
      store,
      settings,
      environment: this.#environment,
      wish,
      now,
    })
    this.#closers.push(opened.close)
    this.#endings.push(opened.settle)
    return opened
  }
}
