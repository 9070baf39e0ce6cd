import { randomBytes } from 'node:crypto'
import { createMemoryHooks } from '../../../src/hooks/memory/create-memory-hooks.ts'
import { compact } from '../../../src/protocol/base/compact.ts'
import { peerIdOfPublicKey } from '../../../src/protocol/base/peer-id-text.ts'
import type { RefusalCode } from '../../../src/protocol/message/messages.ts'
import { isSignedBy } from '../../../src/protocol/receipt/receipt-signature.ts'
import { readReceipt } from '../../../src/service/receipts/read-receipt.ts'
import { SYSTEM_CLOCK } from '../../../src/session/clock/system-clock.ts'
import type { BootstrapOutcome } from '../../../src/session/dialer/outcome.ts'
import { SessionCore } from '../../../src/session/manager/session-core.ts'
import { tallyRecords } from '../../../src/store/records/tally-records.ts'
import { openMemoryStore } from '../../../src/store/transaction/store.ts'
import { memoryTransportPair } from '../../support/memory-transport.ts'
import { signingKey } from '../../support/signing-key.ts'
import type { Ask, Told } from './history/client-history.ts'
import type { StoredTally } from './history/stored-state.ts'
import { type NodeOfParty, WIDE_OPEN } from './node-of-party.ts'
import type { NodesInvitation } from './party-of-nodes.ts'

/** Refusals after which nothing is held. After others, like a deadline of the inviter's, a use may still be this client's. */
const SURE: ReadonlySet<string> = new Set<RefusalCode>([
  ...(['used', 'in_progress', 'revoked', 'expired', 'denied', 'withdrawn'] as const),
  ...(['invalid_token', 'paused', 'busy', 'rate_limited', 'draining'] as const),
])

function isSure(reason: string): reason is RefusalCode {
  return SURE.has(reason)
}

/** Somebody who redeems links, with a store of its own, and writes down what it was told. */
export class ClientOfNodes {
  readonly peerId: string
  readonly asks: Ask[] = []
  readonly #store = openMemoryStore()
  readonly #manager: SessionCore

  constructor() {
    const key = signingKey(randomBytes(32))
    this.peerId = peerIdOfPublicKey(key.publicKey)
    const party = { peerId: this.peerId, identity: {}, cadre: [] }
    this.#manager = new SessionCore(createMemoryHooks(), WIDE_OPEN, {
      store: this.#store,
      party: () => party,
      sign: key.sign,
      verify: (...all) => Promise.resolve(isSignedBy(...all)),
      clock: SYSTEM_CLOCK,
    })
  }

  /** Redeems a link once, at a node. @returns what it was told, if that is certain */
  async ask(
    { tokenId, link }: NodesInvitation,
    node: NodeOfParty,
    inviter: string,
    another = false,
  ): Promise<Ask> {
    const at = performance.now()
    const dial = async () => {
      const { dialer, listener } = memoryTransportPair(this.peerId, inviter, SYSTEM_CLOCK, {})
      node.manager.accept(listener)
      return dialer
    }
    const request = { link, identity: {}, cadre: [], another }
    const outcome = await this.#manager.redeem(request, { localPeer: this.peerId, dial })
    const told = await this.#told(outcome)
    const failure = outcome.completed ? undefined : `${outcome.reason} in ${outcome.step}`
    const ask = compact({ client: this.peerId, tokenId, another, at, told, failure })
    this.asks.push(ask)
    return ask
  }

  async #told(outcome: BootstrapOutcome): Promise<Told | undefined> {
    const at = performance.now()
    if (!outcome.completed) {
      const { reason } = outcome
      return isSure(reason) ? { kind: 'refused', at, code: reason } : undefined
    }
    const { tallyId, redemptionId } = outcome
    const tally = await this.#store.query(() => tallyRecords.find(tallyId))
    const receipt = tally && readReceipt(tally, this.peerId)
    return { kind: 'tally', at, tallyId, redemptionId, receipt }
  }

  /** The tallies that it keeps as confirmed. */
  async kept(): Promise<readonly StoredTally[]> {
    const tallies = await this.#store.query(() => tallyRecords.list(100_000))
    return tallies
      .filter(({ status }) => status === 'confirmed')
      .map(({ tallyId, redemptionId, built }) => {
        return { tallyId, redemptionId, client: this.peerId, draft: built.draft.sha256 }
      })
  }

  async stop(): Promise<void> {
    await this.#manager.drain(10_000)
    this.#store.close()
  }
}
