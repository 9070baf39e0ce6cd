import type { Role } from '../../../src/protocol/base/role.ts'
import { buildDraft, type DraftInput } from '../../../src/protocol/draft/draft.ts'
import type { Approval, BuiltDatabase, Offer } from '../../../src/protocol/message/messages.ts'
import type { World } from './world.ts'

// The messages of an honest inviter: a test changes the part that its liar lies about.

/** Bob's. */
export const IDENTITY = { name: 'Bob' }
export const TALLY_ID = 'tally-of-the-liar'
export const DATABASE = { engine: 'memory', endpoint: 'memory:1', credentialsRef: 'none' }
const TERMS = { unit: 'EUR' }

export function honestOffer(world: World, role: Role): Offer {
  const expiresAt = Math.floor((world.clock.now() + 3_600_000) / 1000)
  return { type: 'Offer', role, terms: TERMS, required: [], optional: [], expiresAt }
}

export function draftInput(world: World, role: Role): DraftInput {
  const alice = { partyId: world.alice.peerId, identity: {}, cadre: [] }
  const bob = { partyId: world.bob.peerId, identity: IDENTITY, cadre: [] }
  return {
    tallyId: TALLY_ID,
    createdAt: world.clock.now(),
    createdBy: role,
    stock: role === 'stock' ? alice : bob,
    foil: role === 'stock' ? bob : alice,
    terms: TERMS,
  }
}

export function builtFrom(input: DraftInput): BuiltDatabase {
  const { tallyId, createdBy } = input
  return { tally: { tallyId, createdBy }, database: DATABASE, draft: buildDraft(input) }
}

export function honestApproval(world: World, role: Role): Approval {
  return {
    type: 'ProvisioningResult',
    approved: true,
    sessionId: 'session',
    redemptionId: 'redemption',
    role,
    partyId: world.alice.peerId,
    identity: {},
    cadre: [],
    terms: TERMS,
    tallyId: TALLY_ID,
    approvedAt: world.clock.now(),
    ...(role === 'stock'
      ? { built: builtFrom(draftInput(world, role)) }
      : { buildWithinMs: 60_000 }),
  }
}
