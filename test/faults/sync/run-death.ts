import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createDialer } from '../../../src/network/dial/dial.ts'
import {
  generatePrivateKeyBytes,
  privateKeyFromBytes,
} from '../../../src/network/identity/identity-key.ts'
import { createNode, type NetworkNode, nodeAddresses } from '../../../src/network/node/node.ts'
import { serveTallySync } from '../../../src/network/node/serve.ts'
import { stopNode } from '../../../src/network/node/stop-node.ts'
import { TALLY_SYNC } from '../../../src/network/stream/wire-protocol.ts'
import { seekOnce } from '../../../src/service/sync/seek-once.ts'
import { SyncServer } from '../../../src/service/sync/sync-server.ts'
import { changeSigner } from '../../../src/service/tallies/change-signer.ts'
import { partnerAddressRecords } from '../../../src/store/sync/partner-address-records.ts'
import { tallyOf } from '../../support/service/synced-parties.ts'
import type { Death } from '../kill/kill-switch.ts'
import type { DyingOrders } from './dying-orders.ts'
import { syncInPeace } from './run-schedule.ts'
import { Side } from './side.ts'

const DYING_PARTY = fileURLToPath(new URL('./dying-party.ts', import.meta.url))

const TALLY_IDS = ['death-a', 'death-b']

/** What was seen in one round. */
export interface DeathResult {
  /** True if the party died at the place; false if it never came there. */
  readonly isDead: boolean
  readonly complaints: readonly string[]
}

/** Alice waits and Bob seeks her; one of them dies. Then both are there again, and sync in peace. */
export async function runDeath(role: 'host' | 'seeker', death: Death): Promise<DeathResult> {
  const round = new Round(role, death)
  try {
    return await round.run()
  } finally {
    await round.end()
  }
}

class Round {
  readonly #directory = mkdtempSync(join(tmpdir(), 'taleus-death-'))
  readonly #keys = { alice: generatePrivateKeyBytes(), bob: generatePrivateKeyBytes() }
  readonly #role: 'host' | 'seeker'
  readonly #death: Death
  readonly #alice: Side
  readonly #bob: Side
  #node: NetworkNode | undefined
  #child: ChildProcess | undefined

  constructor(role: 'host' | 'seeker', death: Death) {
    this.#role = role
    this.#death = death
    const signers = { alice: changeSigner(this.#keys.alice), bob: changeSigner(this.#keys.bob) }
    const parties = { alice: signers.alice.peerId, bob: signers.bob.peerId }
    const side = (name: 'alice' | 'bob') => {
      const tallies = TALLY_IDS.map((id) => tallyOf(id, parties, name))
      return new Side(this.#file(name), signers[name], tallies)
    }
    this.#alice = side('alice')
    this.#bob = side('bob')
  }

  async run(): Promise<DeathResult> {
    const [alice, bob] = [this.#alice, this.#bob]
    for (const side of [alice, bob]) {
      await side.keepAll()
      for (const [nth, tally] of side.tallies.entries()) await side.set(tally, 'note', nth)
    }
    const victim = this.#role === 'host' ? alice : bob
    victim.close()
    const isDead = this.#role === 'host' ? await this.#seekDying() : await this.#awaitDying()
    victim.restart()
    await syncInPeace(alice, bob)
    const ahead = alice.isInSync() && bob.isInSync() ? [] : ['they are not in sync']
    const complaints = [
      ...ahead,
      ...alice.complaints('alice', bob),
      ...bob.complaints('bob', alice),
    ]
    const where = `${this.#role}, ${this.#death.point} (${this.#death.occurrence})`
    return { isDead, complaints: complaints.map((complaint) => `${where}: ${complaint}`) }
  }

  async end(): Promise<void> {
    this.#child?.kill('SIGKILL')
    if (this.#node !== undefined) await stopNode(this.#node)
    this.#alice.close()
    this.#bob.close()
    rmSync(this.#directory, { recursive: true })
  }

  /** Bob, here, seeks Alice, who dies. */
  async #seekDying(): Promise<boolean> {
    const child = this.#start('alice', undefined)
    const ended = once(child, 'exit')
    const [at]: readonly string[][] = await once(child, 'message')
    const { peerId } = this.#alice.signer
    const node = await this.#listen('bob')
    const ports = this.#bob.ports
    await ports.store.transact(() => partnerAddressRecords.learn(peerId, at ?? [], 1))
    const dialer = createDialer(node, {}, undefined, TALLY_SYNC)
    const never = new AbortController().signal
    await seekOnce({ ...ports, dialer, addresses: [] }, peerId, this.#bob.tallies, never)
    // Whoever did not die waits for the next one.
    const isDead = child.signalCode !== null || child.exitCode !== null
    if (!isDead) child.kill('SIGTERM')
    const [, signal] = await ended
    return signal === 'SIGKILL'
  }

  /** Bob, who dies, seeks Alice, who is here. */
  async #awaitDying(): Promise<boolean> {
    const node = await this.#listen('alice')
    const server = new SyncServer(this.#alice.ports, () => [])
    await serveTallySync(node, (transport) => server.accept(transport))
    const { peerId } = this.#alice.signer
    const [, signal] = await once(this.#start('bob', { peerId, at: nodeAddresses(node) }), 'exit')
    await server.stop()
    return signal === 'SIGKILL'
  }

  async #listen(name: 'alice' | 'bob'): Promise<NetworkNode> {
    const privateKey = privateKeyFromBytes(this.#keys[name])
    this.#node = await createNode({ privateKey, listen: ['/ip4/127.0.0.1/tcp/0'] })
    return this.#node
  }

  #start(name: 'alice' | 'bob', seek: DyingOrders['seek']): ChildProcess {
    const key = Buffer.from(this.#keys[name]).toString('base64')
    const base = { file: this.#file(name), key, death: this.#death }
    const orders: DyingOrders = seek === undefined ? base : { ...base, seek }
    this.#child = fork(DYING_PARTY, [JSON.stringify(orders)], { execArgv: [] })
    return this.#child
  }

  #file(name: string): string {
    return join(this.#directory, `${name}.db`)
  }
}
