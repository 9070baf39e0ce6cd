import { randomBytes } from 'node:crypto'
import * as z from 'zod'
import type { Role } from '../src/protocol/base/role.ts'
import { encodeLink } from '../src/protocol/link/link.ts'
import { SECRET_BYTES, secretHashOf, tokenIdOf } from '../src/protocol/link/secret.ts'
import type { Store } from '../src/store/transaction/store.ts'

/** What a bench process passes to another as what its invitee discloses. */
export const disclosureSchema = z.record(z.string(), z.string())

const HOUR_MS = 3_600_000

/** Who issues, and where it can be reached. */
export interface Inviter {
  readonly store: Store
  /** Ed25519, 32 bytes. */
  readonly publicKey: Uint8Array
  /** A multiaddr without peer id. */
  readonly address: string
}

/** Mint standing invitations that last as long as a bench. Returns their links. */
export async function mintStanding(inviter: Inviter, role: Role, count: number): Promise<string[]> {
  const links: string[] = []
  for (let index = 0; index < count; index++) links.push(await mint(inviter, role))
  return links
}

async function mint({ store, publicKey, address }: Inviter, role: Role): Promise<string> {
  const secret = new Uint8Array(randomBytes(SECRET_BYTES))
  const now = Date.now()
  await store.write(({ tokens }) =>
    tokens.issue({
      id: tokenIdOf(secret),
      secretHash: secretHashOf(secret),
      role,
      uses: null,
      issuedAt: now,
      expiresAt: now + HOUR_MS,
      required: [],
      optional: ['name', 'email'],
      terms: null,
    }),
  )
  const expiresAt = Math.floor((now + HOUR_MS) / 1000)
  return encodeLink({ role, secret, expiresAt, publicKey, addresses: [address] })
}
