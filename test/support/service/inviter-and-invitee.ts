import { onTestFinished } from 'vitest'
import {
  createMemoryHooks,
  type MemoryHooks,
} from '../../../src/hooks/memory/create-memory-hooks.ts'
import {
  generatePrivateKeyBytes,
  privateKeyFromBytes,
} from '../../../src/network/identity/identity-key.ts'
import { peerIdOfKeyBytes } from '../../../src/network/identity/key-bytes.ts'
import { createNode, nodeAddresses } from '../../../src/network/node/node.ts'
import { stopNode } from '../../../src/network/node/stop-node.ts'
import { SessionManager } from '../../../src/service/library/libp2p-session-manager.ts'
import { mintInvitation } from '../../../src/service/library/mint-invitation.ts'
import { type RedeemLinkOptions, redeemLink } from '../../../src/service/redeeming/redeem-link.ts'
import type { RedeemResult } from '../../../src/service/redeeming/redeem-result.ts'
import { Redeemer } from '../../../src/service/redeeming/redeemer.ts'
import { ForwardOnlyClock } from '../../../src/session/clock/forward-only-clock.ts'
import { SYSTEM_CLOCK } from '../../../src/session/clock/system-clock.ts'
import { openMemoryStore } from '../../../src/store/transaction/store.ts'

type MintOptions = Partial<Parameters<typeof mintInvitation>[0]>

/** An inviter that listens on loopback, and a link of its. @param hooks what it decides by */
export async function inviterWithLink(
  options: MintOptions = {},
  hooks: MemoryHooks = createMemoryHooks(),
): Promise<{ link: string; stop(): Promise<void> }> {
  const privateKey = privateKeyFromBytes(generatePrivateKeyBytes())
  const node = await createNode({ privateKey, listen: ['/ip4/127.0.0.1/tcp/0'] })
  const manager = new SessionManager(hooks)
  await manager.registerWithLibP2P(node)
  const addresses = nodeAddresses(node)
  const given = { inviter: node.peerId.toString(), role: 'stock', addresses, ...options } as const
  const { link, token } = mintInvitation(given)
  hooks.token.issue(token)
  const stop = async (): Promise<void> => void (await stopNode(node))
  onTestFinished(stop)
  return { link, stop }
}

/** An invitee with a store of its own, whose computer's clock is ahead. */
export class Invitee {
  readonly #key = generatePrivateKeyBytes()
  readonly #store = openMemoryStore()
  readonly #aheadMs: number

  constructor(aheadMs = 0) {
    this.#aheadMs = aheadMs
    onTestFinished(() => this.#store.close())
  }

  get peerId(): string {
    return peerIdOfKeyBytes(this.#key)
  }

  /** Redeems with a yes, without more time than a test has. */
  async redeem(text: string, options: Partial<RedeemLinkOptions> = {}): Promise<RedeemResult> {
    const now = (): number => Date.now() + this.#aheadMs
    const redeemer = new Redeemer({
      store: this.#store,
      hooks: createMemoryHooks(),
      key: this.#key,
      config: {},
      clock: new ForwardOnlyClock({ ...SYSTEM_CLOCK, now }),
    })
    const { peerId: localPeer } = this
    const ports = { store: this.#store, redeemer, localPeer, identity: {}, cadre: [] }
    return await redeemLink(ports, {
      text,
      given: {},
      timeoutMs: 20_000,
      another: false,
      dryRun: false,
      interrupted: new AbortController().signal,
      agree: async () => true,
      ...options,
    })
  }
}
