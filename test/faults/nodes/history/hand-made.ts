import { peerIdOfPublicKey } from '../../../../src/protocol/base/peer-id-text.ts'
import {
  type ReceiptBody,
  type Receipted,
  receiptBytes,
} from '../../../../src/protocol/receipt/receipt.ts'
import { signingKey } from '../../../support/signing-key.ts'
import type { Ask, ClientHistory, Told } from './client-history.ts'
import type { StoredState, StoredUse } from './stored-state.ts'

// Histories that are written by hand, of one inviter and its clients.

function keyOf(name: string) {
  const key = signingKey(Buffer.alloc(32, name))
  return { peerId: peerIdOfPublicKey(key.publicKey), sign: key.sign }
}

const INVITER = keyOf('the inviter')

/** Party ids. */
export const [BOB, CAROL, DAVE] = ['bob', 'carol', 'dave'].map((name) => keyOf(name).peerId) as [
  string,
  string,
  string,
]

const SIGNERS = new Map(['bob', 'carol', 'dave'].map((name) => [keyOf(name).peerId, keyOf(name)]))

const HASH = '0'.repeat(64)

/** A use with a tally, whose ids follow from its slot. */
export function use(tokenId: string, client: string, slot = 1): StoredUse {
  const id = `${tokenId}-${slot}`
  return { redemptionId: `r-${id}`, tokenId, client, slot, state: 'committed', tallyId: `t-${id}` }
}

/** A receipt that both have signed. */
export function receiptOf({ redemptionId, tokenId, client, tallyId }: StoredUse): Receipted {
  const marks = { draft: HASH, request: HASH, response: HASH, approvedAt: 1 }
  const sides = { inviter: INVITER.peerId, invitee: client, role: 'stock' } as const
  const receipt: ReceiptBody = { v: 1, redemptionId, tokenId, tallyId, ...sides, ...marks }
  const signed = (by: { sign(bytes: Uint8Array): Uint8Array } | undefined) =>
    Buffer.from(by?.sign(receiptBytes(receipt)) ?? []).toString('base64url')
  return { receipt, signatures: { inviter: signed(INVITER), invitee: signed(SIGNERS.get(client)) } }
}

/** Told of a tally. */
export function given(of: StoredUse, at: number): Told {
  const { tallyId, redemptionId } = of
  return { kind: 'tally', at, tallyId, redemptionId, receipt: receiptOf(of) }
}

export function refused(code: Extract<Told, { kind: 'refused' }>['code'], at: number): Told {
  return { kind: 'refused', code, at }
}

/** Asked at a time, and told something. */
export function ask(tokenId: string, client: string, at: number, told?: Told): Ask {
  return { tokenId, client, at, another: false, ...(told === undefined ? {} : { told }) }
}

export function historyOf(...asks: readonly Ask[]): ClientHistory {
  return { asks, closings: [] }
}

/** Stores in which all is as it should be. @param limits uses of each token */
export function storedOf(
  limits: Readonly<Record<string, number | null>>,
  ...redemptions: readonly StoredUse[]
): StoredState {
  const committed = redemptions.filter(({ state }) => state === 'committed')
  const tallies = committed.map((each) => ({ ...each, draft: HASH, receipt: receiptOf(each) }))
  return {
    uses: new Map(Object.entries(limits)),
    redemptions,
    tallies,
    kept: tallies,
    chains: [
      { node: 'node-1', committed: committed.map(({ redemptionId }) => redemptionId) },
      { node: 'node-2', committed: [] },
    ],
  }
}
