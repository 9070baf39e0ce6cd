import { onTestFinished } from 'vitest'
import {
  createMemoryHooks,
  type MemoryHooks,
} from '../../../src/hooks/memory/create-memory-hooks.ts'
import {
  generatePrivateKeyBytes,
  privateKeyFromBytes,
} from '../../../src/network/identity/identity-key.ts'
import { signWithKeyBytes } from '../../../src/network/identity/key-bytes.ts'
import { serveLegacy } from '../../../src/network/legacy/serve-legacy.ts'
import { createNode, type NetworkNode, nodeAddresses } from '../../../src/network/node/node.ts'
import { serveBootstrap } from '../../../src/network/node/serve.ts'
import { stopNode } from '../../../src/network/node/stop-node.ts'
import { encodeLegacyLink } from '../../../src/protocol/link/legacy-link.ts'
import { decodeLink } from '../../../src/protocol/link/link.ts'
import { mintInvitation } from '../../../src/service/library/mint-invitation.ts'
import type { SessionConfig } from '../../../src/session/config/session-config.ts'
import { SessionCore } from '../../../src/session/manager/session-core.ts'
import type { SessionSummary } from '../../../src/session/ports/session-summary.ts'
import { tallyRecords } from '../../../src/store/records/tally-records.ts'
import { openMemoryStore, type Store } from '../../../src/store/transaction/store.ts'
import type { OlderLink } from './older-invitee.ts'

type Wish = Partial<Parameters<typeof mintInvitation>[0]>

/** Limits that many tests of one process do not reach. */
const CONFIG = { rateLimitPerPeer: 1_000, maxSessionsPerPeer: 1_000 }

/** An inviter of today on loopback, who serves older peers too. */
export class TodaysInviter {
  readonly node: NetworkNode
  readonly core: SessionCore
  readonly hooks: MemoryHooks
  readonly store: Store
  readonly ended: SessionSummary[] = []

  private constructor(node: NetworkNode, core: SessionCore, hooks: MemoryHooks, store: Store) {
    this.node = node
    this.core = core
    this.hooks = hooks
    this.store = store
    core.on('ended', (summary) => this.ended.push(summary))
  }

  /** @param legacy false: as `listen` does it by default */
  static async start(
    config: Partial<SessionConfig> = {},
    { legacy = true, hooks = createMemoryHooks() } = {},
  ): Promise<TodaysInviter> {
    const key = generatePrivateKeyBytes()
    const listen = ['/ip4/127.0.0.1/tcp/0']
    const node = await createNode({ privateKey: privateKeyFromBytes(key), listen, legacy })
    const store = openMemoryStore()
    const peerId = node.peerId.toString()
    const core = new SessionCore(
      hooks,
      { ...CONFIG, ...config },
      {
        store,
        party: () => ({ peerId, identity: { name: 'Alice' }, cadre: [] }),
        sign: signWithKeyBytes(key),
      },
    )
    const accept = (transport: Parameters<SessionCore['accept']>[0]): void => core.accept(transport)
    await serveBootstrap(node, accept)
    if (legacy) await serveLegacy(node, accept)
    core.start()
    const inviter = new TodaysInviter(node, core, hooks, store)
    onTestFinished(async () => {
      await core.drain(0)
      await stopNode(node)
      store.close()
    })
    return inviter
  }

  /** An invitation, in both forms. */
  invite(wish: Wish = {}): { readonly link: string; readonly older: OlderLink } {
    const inviter = this.node.peerId.toString()
    const addresses = nodeAddresses(this.node)
    const { link, token } = mintInvitation({ inviter, role: 'stock', addresses, ...wish })
    this.hooks.token.issue(token)
    const required = wish.required ?? []
    return { link, older: JSON.parse(encodeLegacyLink(decodeLink(link), inviter, required)) }
  }

  get tallies() {
    return this.store.query(() => tallyRecords.list(100))
  }

  /** Resolves with the end of the n-th session, from 1. */
  async untilEnded(count: number): Promise<SessionSummary> {
    while (this.ended.length < count) await new Promise((resolve) => setTimeout(resolve, 5))
    const summary = this.ended[count - 1]
    if (summary === undefined) throw new TypeError('nothing ended')
    return summary
  }
}
