import { takeCheckpoint } from '../../../src/service/trail/take-checkpoint.ts'
import { StoreWitness } from '../../../src/service/witness/store-witness.ts'
import { signerOf } from '../audit/signer.ts'
import { type NodeInit, settle, type TestNode, World } from './world.ts'

export const ALICE = signerOf(1)
export const BOB = signerOf(2)

/** A node with a key that can sign, which keeps checkpoints of others. */
export function witnessing({ publicKey }: { readonly publicKey: Uint8Array }): NodeInit {
  return { publicKey, witness: (store) => new StoreWitness(store) }
}

/** Two nodes that are witnesses of each other. */
export function worldOfWitnesses(): World {
  return new World({ inviter: witnessing(ALICE), invitee: witnessing(BOB) })
}

/** Sign how far that node's audit has grown. @returns the note */
export async function sign(node: TestNode): Promise<string> {
  const signer = node.peerId === ALICE.peerId ? ALICE : BOB
  const taken = takeCheckpoint(node.store, signer)
  await settle()
  return (await taken).note
}

/** What a node keeps of another, the smallest first. */
export function keptBy(node: TestNode, of: { readonly peerId: string }) {
  return node.store.repositories.witnessed.ofPeer(of.peerId)
}
