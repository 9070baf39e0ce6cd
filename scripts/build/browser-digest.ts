import { sha256 as hash } from '@noble/hashes/sha2.js'
import type * as ours from '../../src/protocol/base/digest.ts'

// Stands in a browser for src/protocol/base/digest.ts, which asks Node. The build puts it there; a test holds both together.

export const SHA256_BYTES: typeof ours.SHA256_BYTES = 32

export function sha256(data: Uint8Array | string): Uint8Array {
  return hash(bytesOf(data))
}

export function sha256Hex(data: Uint8Array | string): string {
  return Array.from(sha256(data), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

export function domainDigest(domain: string, data: Uint8Array | string): Uint8Array {
  const [head, rest] = [bytesOf(`${domain}\0`), bytesOf(data)]
  const bytes = new Uint8Array(head.length + rest.length)
  bytes.set(head)
  bytes.set(rest, head.length)
  return sha256(bytes)
}

function bytesOf(data: Uint8Array | string): Uint8Array {
  return typeof data === 'string' ? new TextEncoder().encode(data) : data
}
