import { DatabaseSync } from 'node:sqlite'
import type { Store } from '../../../../src/store/transaction/store.ts'

/** What is in a store, read past the code that wrote it. */
export interface Facts {
  readonly redemptions: readonly {
    readonly tokenId: string
    readonly state: string
    readonly delivery: string | null
  }[]
  readonly attempts: readonly { readonly link: string; readonly status: string }[]
  readonly tallies: readonly Readonly<Record<string, unknown>>[]
  readonly openSessions: readonly { readonly id: string; readonly state: string }[]
  readonly removals: number
  readonly chunksOfNothing: number
}

export function factsOf({ path }: Store): Facts {
  const database = new DatabaseSync(path, { readOnly: true })
  const all = (query: string) => database.prepare(query).all()
  const count = (query: string) => Number(database.prepare(query).get()?.['n'])
  try {
    return {
      redemptions: all('SELECT token_id, state, delivery FROM redemptions').map((row) => ({
        tokenId: String(row['token_id']),
        state: String(row['state']),
        delivery: textOf(row['delivery']),
      })),
      attempts: all('SELECT link_hash, status FROM attempts').map((row) => ({
        link: String(row['link_hash']),
        status: String(row['status']),
      })),
      tallies: all('SELECT * FROM tallies'),
      openSessions: all('SELECT id, state FROM sessions WHERE ended_at IS NULL').map((row) => ({
        id: String(row['id']),
        state: String(row['state']),
      })),
      removals: count('SELECT count(*) AS n FROM removals'),
      chunksOfNothing: count(
        'SELECT count(*) AS n FROM tally_chunks WHERE tally_id NOT IN (SELECT tally_id FROM tallies)',
      ),
    }
  } finally {
    database.close()
  }
}

function textOf(value: unknown): string | null {
  return value === null || value === undefined ? null : String(value)
}
