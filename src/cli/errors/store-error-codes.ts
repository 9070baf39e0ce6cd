import { type ErrorMeaning, own } from './error-meaning.ts'

/** The error codes about a store on a server, and about one that is carried over. */
export const STORE_ERROR_CODES = {
  store_setup: own(
    10,
    'The database server is not set up for the store.',
    'Mend it as said. The password comes from the file that `taleus config set store-password-file FILE` names, from PGPASSFILE or from ~/.pgpass.',
  ),
  store_elsewhere: own(
    10,
    'The store of this party is another one than was named.',
    'Nothing was opened. Name the one that it has, with --store or `taleus config set store`; to carry it over, see `taleus store migrate --help`.',
  ),
  store_carried: own(
    10,
    'The store was carried over to another place, or is being carried there.',
    'Name that place with --store or `taleus config set store`. If carrying it over was cut short, run the same `taleus store migrate` again: it goes on.',
  ),
  carried_differently: own(
    10,
    'The store did not arrive as it was.',
    'The source is used as before. Empty the target, and run the same command again; if it stays so, report what was said.',
  ),
  carry_target: own(
    10,
    'The store to carry to is not empty.',
    'Nothing was changed. Name another database, or another schema of it, or remove the one that is there.',
  ),
  carry_nodes: own(
    10,
    'Other nodes have a part in that store.',
    'Nothing was changed. Stop the nodes that are at work; a store with the audits of several nodes stays on its server.',
  ),
  carry_running: own(
    10,
    'A command is at work in this data directory.',
    'Nothing was changed. Wait until it is done, or end it; then run the same command again.',
  ),
  not_carried: own(
    10,
    'The store was not carried over.',
    'Nothing was changed. See `taleus config get store` for the one in use.',
  ),
} satisfies Record<string, ErrorMeaning>
