import { privateKeyFromBytes } from '../../src/network/identity/identity-key.ts'
import { generatePrivateKeyBytes, signWithKeyBytes } from '../../src/network/identity/key-bytes.ts'
import { createDialNode, type NetworkNode } from '../../src/network/node/node.ts'
import type { ReceiptBody } from '../../src/protocol/receipt/receipt.ts'
import { receiptBytes } from '../../src/protocol/receipt/receipt.ts'
import { signatureText } from '../../src/protocol/receipt/receipt-signature.ts'

/** By peer id; those of this process. */
const signers = new Map<string, (bytes: Uint8Array) => Uint8Array>()

/** A node as the redeemer has, with a new key that can sign receipts. */
export async function createSigningNode(): Promise<NetworkNode> {
  const key = generatePrivateKeyBytes()
  const node = await createDialNode({ privateKey: privateKeyFromBytes(key) })
  signers.set(node.peerId.toString(), signWithKeyBytes(key))
  return node
}

/** The invitee's signature, as messages carry it. @throws Error if it is no node of this process */
export function signReceipt(body: ReceiptBody): string {
  const sign = signers.get(body.invitee)
  if (sign === undefined) throw new Error(`no key of ${body.invitee}`)
  return signatureText(sign(receiptBytes(body)))
}
