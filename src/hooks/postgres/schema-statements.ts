import pg from 'pg'
import type { SchemaOrder } from './schema-order.ts'

const { escapeIdentifier: name, escapeLiteral: literal } = pg

/** Entries that one party may make: with the size of each it bounds what a partner can fill. */
const MAX_ENTRIES = 10_000

/** Bytes of an entry's key and of its value. */
const MAX_KEY_BYTES = 256
const MAX_VALUE_BYTES = 8_192

/**
 * Writes the statements that make a tally's schema: the draft, which both may read, and the entries, which both may read
 * and add to. Who made an entry, when, and as which of its own is said by the server; nobody can change or remove one.
 */
export function schemaStatements(order: SchemaOrder): string {
  const schema = name(order.names.schema)
  return [
    `CREATE SCHEMA ${schema}`,
    draftTable(schema, order),
    entriesTable(schema),
    entryTrigger(schema),
    ...grants(schema, order),
  ].join(';\n')
}

function draftTable(schema: string, order: SchemaOrder): string {
  const { tallyId, createdBy, parties, draft, fence } = order
  const values = [tallyId, createdBy, parties.stock, parties.foil, draft.text, draft.sha256]
  return `CREATE TABLE ${schema}.draft (
    tally_id text PRIMARY KEY,
    created_by text NOT NULL,
    stock text NOT NULL,
    foil text NOT NULL,
    draft text NOT NULL,
    draft_sha256 text NOT NULL,
    fence bigint NOT NULL,
    built_at timestamptz NOT NULL DEFAULT now()
  );
  INSERT INTO ${schema}.draft VALUES (${values.map((each) => literal(each)).join(', ')}, ${fence})`
}

function entriesTable(schema: string): string {
  return `CREATE TABLE ${schema}.entries (
    author name NOT NULL,
    seq integer NOT NULL CHECK (seq BETWEEN 1 AND ${MAX_ENTRIES}),
    at timestamptz NOT NULL,
    kind text NOT NULL CHECK (kind IN ('proof', 'set')),
    key text NOT NULL CHECK (octet_length(key) BETWEEN 1 AND ${MAX_KEY_BYTES}),
    value text NOT NULL CHECK (octet_length(value) <= ${MAX_VALUE_BYTES}),
    PRIMARY KEY (author, seq)
  )`
}

function entryTrigger(schema: string): string {
  return `CREATE FUNCTION ${schema}.entry() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, pg_temp AS $body$
  BEGIN
    new.author := current_user;
    new.at := clock_timestamp();
    new.seq := 1 + coalesce((SELECT max(e.seq) FROM ${schema}.entries e WHERE e.author = current_user), 0);
    RETURN new;
  END $body$;
  CREATE TRIGGER entry BEFORE INSERT ON ${schema}.entries
  FOR EACH ROW EXECUTE FUNCTION ${schema}.entry()`
}

/** Only what is named: default privileges of an administrator may give more to new tables. */
function grants(schema: string, { names }: SchemaOrder): readonly string[] {
  const parties = `${name(names.stock)}, ${name(names.foil)}`
  return [
    `REVOKE ALL ON SCHEMA ${schema} FROM PUBLIC`,
    `REVOKE ALL ON ALL TABLES IN SCHEMA ${schema} FROM PUBLIC`,
    `REVOKE ALL ON ALL FUNCTIONS IN SCHEMA ${schema} FROM PUBLIC`,
    `GRANT USAGE ON SCHEMA ${schema} TO ${parties}`,
    `GRANT SELECT ON ${schema}.draft, ${schema}.entries TO ${parties}`,
    `GRANT INSERT (kind, key, value) ON ${schema}.entries TO ${parties}`,
  ]
}
