/** The name of the setting that says for which node a transaction is: its audit is the one that is seen. */
export const NODE_SETTING = 'taleus.node'

/** The name of the setting that says by which of its epochs, 0 for none. */
export const EPOCH_SETTING = 'taleus.epoch'

/** Functions that SQLite has and shared statements use, and the node that a transaction is for. */
export const FUNCTIONS = `
  CREATE FUNCTION own_node() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
    RETURN current_setting('${NODE_SETTING}')::bigint;
  CREATE FUNCTION own_epoch() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
    RETURN coalesce(nullif(current_setting('${EPOCH_SETTING}', true), ''), '0')::bigint;
  CREATE FUNCTION instr(text, text) RETURNS integer LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN strpos($1, $2);
  CREATE FUNCTION hex(bytea) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN upper(encode($1, 'hex'));
  CREATE FUNCTION json_valid(document text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
  BEGIN
    PERFORM document::json;
    RETURN true;
  EXCEPTION WHEN data_exception THEN
    RETURN false;
  END $$;
  -- of paths only $.name; a number comes as its text
  CREATE FUNCTION json_extract(document text, path text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN document::json ->> substr(path, 3);
`

/**
 * The nodes, with the head of each one's audit, and marks of transactions that are told from their absence: one that
 * was committed has left its own.
 */
export const NODE_TABLES = `
  CREATE TABLE nodes (
    node INTEGER GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    peer_id TEXT NOT NULL UNIQUE,
    -- raised when another process takes the node over: what the former one has under way is void
    epoch INTEGER NOT NULL DEFAULT 0,
    -- ms since the epoch by the database's clock
    lease_until INTEGER NOT NULL DEFAULT 0,
    -- 1: it is to look after what another one has left, now
    called_upon INTEGER NOT NULL DEFAULT 0,
    head_seq INTEGER NOT NULL,
    head_hash BLOB NOT NULL,
    joined_at INTEGER NOT NULL,
    retired_at INTEGER
  -- a row that every commit changes: room for its versions on its page
  ) WITH (fillfactor = 10);
  CREATE TABLE commit_marks (
    id TEXT PRIMARY KEY,
    at INTEGER NOT NULL
  );
  CREATE INDEX commit_marks_age ON commit_marks (at);
  -- what peers have used up of their limits at each node, in the last minutes: a crash of the server may lose it
  CREATE UNLOGGED TABLE charges (
    node INTEGER NOT NULL,
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    total REAL NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (node, kind, key)
  );
  CREATE INDEX charges_age ON charges (at);
`
