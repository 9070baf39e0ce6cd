import { buildDraft } from '../draft/draft.ts'
import type {
  Approval,
  BuiltDatabase,
  DatabaseConnection,
  InboundContact,
} from '../message/messages.ts'
import type { LegacyDatabase } from './legacy-messages.ts'

/** The engine of a database that an older peer has built: it does not name one, and nobody here can open it. */
const LEGACY_ENGINE = 'legacy'

export function legacyDatabase({ tally, database }: BuiltDatabase): LegacyDatabase {
  const { tallyId, createdBy } = tally
  const { endpoint, credentialsRef } = database
  return { tally: { tallyId, createdBy }, dbConnectionInfo: { endpoint, credentialsRef } }
}

/**
 * Makes what an older peer has built, as it is kept here: with the draft that both would have made, which is on this side
 * only.
 * @throws DraftTooLargeError
 */
export function builtOfLegacy(
  { tally, dbConnectionInfo }: LegacyDatabase,
  contact: InboundContact,
  approval: Approval,
): BuiltDatabase {
  const { tallyId } = tally
  const { role: createdBy, terms, approvedAt: createdAt } = approval
  const inviter = halfOf(approval)
  const invitee = halfOf(contact)
  const [stock, foil] = createdBy === 'stock' ? [inviter, invitee] : [invitee, inviter]
  const draft = buildDraft({ tallyId, createdAt, createdBy, stock, foil, terms })
  const { endpoint, credentialsRef } = dbConnectionInfo
  const database: DatabaseConnection = { engine: LEGACY_ENGINE, endpoint, credentialsRef }
  return { tally, database, draft }
}

function halfOf({ partyId, identity, cadre }: Approval | InboundContact) {
  return { partyId, identity, cadre }
}
