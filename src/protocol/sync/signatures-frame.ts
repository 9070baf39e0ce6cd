import { SyncFrameError } from '../errors.ts'
import { MAX_FRAME_BYTES } from '../frame/frame-limits.ts'
import { signatureText } from '../receipt/receipt-signature.ts'
import {
  CHANGE_HASH_BYTES,
  CHANGE_SIGNATURE_BYTES,
  type ChangeSignature,
} from './change-signature.ts'

/** Signatures under changes, at most `SIGNATURES_A_FRAME`. */
export interface SignaturesFrame {
  readonly type: 'signatures'
  readonly signatures: readonly ChangeSignature[]
  /** The sender has changes of the time before they were signed: it wants the signatures of all that are signed by now. */
  readonly wantsAll: boolean
}

const ONE = CHANGE_HASH_BYTES + CHANGE_SIGNATURE_BYTES

/** Signatures in one frame: each is a hash and the signature, behind one byte for them all. */
export const SIGNATURES_A_FRAME = Math.floor((MAX_FRAME_BYTES - 1) / ONE)

/** Writes the payload of a frame, behind the byte of its kind. */
export function encodeSignatures(kind: number, signatures: readonly ChangeSignature[]): Uint8Array {
  const each = signatures.flatMap(({ change, signature }) => [
    Buffer.from(change, 'hex'),
    Buffer.from(signature, 'base64url'),
  ])
  return Uint8Array.from(Buffer.concat([Uint8Array.of(kind), ...each]))
}

/** @param bytes those behind the kind @throws SyncFrameError */
export function decodeSignatures(bytes: Uint8Array): readonly ChangeSignature[] {
  if (bytes.length % ONE !== 0) throw new SyncFrameError('a signature is cut off')
  return Array.from({ length: bytes.length / ONE }, (_, at) => {
    const [from, middle, to] = [at * ONE, at * ONE + CHANGE_HASH_BYTES, (at + 1) * ONE]
    return {
      change: Buffer.from(bytes.subarray(from, middle)).toString('hex'),
      signature: signatureText(bytes.subarray(middle, to)),
    }
  })
}
