import { type ErrorMeaning, fixed, own } from './error-meaning.ts'

/** The codes of what is about databases on servers; see error-codes.ts. */
export const DATABASE_ERROR_CODES = {
  database_url: own(
    2,
    'That is no address of a PostgreSQL database.',
    'Write it like postgres://user@host:5432/database, without a password.',
  ),
  not_in_postgres: fixed(
    2,
    'That tally does not live in PostgreSQL: both sides keep its document themselves.',
    'Read it with `taleus tally show`.',
  ),
  lives_in_postgres: fixed(
    2,
    'That tally lives in PostgreSQL, where both sides read and write the same rows: neither a sync nor a history of it is here.',
    'Read it with `taleus tally show`, write with `taleus tally set`, or open it yourself: `taleus tally connect`.',
  ),
  no_credential: fixed(
    2,
    'The credential for that tally’s database is not kept here.',
    'It came with the tally, and is in the store of the computer that holds it.',
  ),
  database_unreachable: own(
    6,
    'The server of the shared database could not be reached, or can’t serve just now.',
    'See that the server runs and can be reached from here. It is safe to run the same command again.',
  ),
  database_setup: own(
    10,
    'The server of the shared database is not set up for this.',
    'Put right what is named, then run the same command again; docs/postgres.md says what taleus needs.',
  ),
} satisfies Record<string, ErrorMeaning>
