/**
 * The tables of a store that are carried over to another engine, by the names that both have, in an order in which each row may be
 * added: what it refers to comes before it, and what another table's triggers change comes after that one. Not among them: the
 * counter of fences, which is a sequence in PostgreSQL.
 */
export const CARRIED_TABLES = [
  'meta',
  'tokens',
  'past_terms',
  'redemptions',
  'answers',
  'free_slots',
  'declines',
  'denials',
  'pending_requests',
  'attempts',
  'notices',
  'lost_uses',
  'denied_peers',
  'tallies',
  'tally_chunks',
  'tally_sync',
  'tally_signatures',
  'partner_addresses',
  'removals',
  'database_credentials',
  'sessions',
  'journal',
  'audit',
  'audit_tree',
  'audit_checkpoints',
  'audit_segments',
  'witnessed',
] as const

export type CarriedTable = (typeof CARRIED_TABLES)[number]

/** Where rows get numbers from the engine: the next ones go on from there. */
export const NUMBERED: readonly (readonly [CarriedTable, string])[] = [
  ['redemptions', 'seq'],
  ['attempts', 'rowid'],
  ['tally_chunks', 'id'],
  ['sessions', 'seq'],
  ['journal', 'id'],
]
