/** The tables as they were at first: version 1. What they are by now, the migrations tell that follow it. */
export const FIRST_SCHEMA = `
  CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  INSERT INTO counters (name, value) VALUES ('fence', 0);

  CREATE TABLE tokens (
    id TEXT PRIMARY KEY,
    secret_hash BLOB,
    role TEXT NOT NULL CHECK (role IN ('stock', 'foil')),
    uses INTEGER CHECK (uses > 0),
    issued_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    label TEXT,
    required TEXT NOT NULL,
    optional TEXT NOT NULL,
    terms TEXT NOT NULL,
    revoked_at INTEGER,
    last_session TEXT
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE redemptions (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    token_id TEXT NOT NULL REFERENCES tokens (id),
    slot INTEGER NOT NULL,
    peer_id TEXT NOT NULL,
    bootstrap_id TEXT NOT NULL,
    request_hash TEXT NOT NULL,
    session_id TEXT NOT NULL,
    fence INTEGER NOT NULL,
    state TEXT NOT NULL
      CHECK (state IN ('reserved', 'provisioning', 'delegated', 'committed', 'released')),
    delivery TEXT CHECK (delivery IN ('offered', 'confirmed')),
    tally_id TEXT NOT NULL,
    approved_at INTEGER NOT NULL,
    reserved_until INTEGER,
    changed_at INTEGER NOT NULL,
    released_at INTEGER,
    released_for TEXT,
    response_hash TEXT,
    CHECK ((reserved_until IS NULL) = (state IN ('committed', 'released'))),
    CHECK ((released_at IS NULL) = (state <> 'released'))
  ) STRICT;
  -- The judge: one use, one redemption. The conditions of these indices are about columns that seldom
  -- change, because a change there rewrites the entry.
  CREATE UNIQUE INDEX redemptions_use ON redemptions (token_id, slot) WHERE released_at IS NULL;
  CREATE INDEX redemptions_peer ON redemptions (peer_id, bootstrap_id)
    WHERE released_at IS NULL;
  -- what is under way: few rows, however many there were
  CREATE INDEX redemptions_open ON redemptions (token_id, reserved_until)
    WHERE reserved_until IS NOT NULL;
  -- apart from the redemption, whose row changes often and should stay short
  CREATE TABLE answers (
    redemption INTEGER PRIMARY KEY REFERENCES redemptions (seq),
    response BLOB,
    receipt BLOB
  ) STRICT;
  CREATE TABLE free_slots (
    token_id TEXT NOT NULL,
    slot INTEGER NOT NULL,
    PRIMARY KEY (token_id, slot)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE declines (
    token_id TEXT NOT NULL,
    peer_id TEXT NOT NULL,
    reason TEXT,
    at INTEGER NOT NULL,
    PRIMARY KEY (token_id, peer_id)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE attempts (
    id TEXT PRIMARY KEY,
    bootstrap_id TEXT NOT NULL,
    link_hash TEXT NOT NULL,
    token_id TEXT NOT NULL,
    inviter TEXT NOT NULL,
    role TEXT NOT NULL,
    request_hash TEXT NOT NULL,
    identity TEXT NOT NULL,
    cadre TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('running', 'held', 'confirmed', 'ended')),
    tally_id TEXT,
    created_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX attempts_link ON attempts (link_hash, created_at);

  CREATE TABLE tallies (
    tally_id TEXT PRIMARY KEY,
    role TEXT NOT NULL,
    partner TEXT NOT NULL,
    partner_identity TEXT NOT NULL,
    created_by TEXT NOT NULL,
    engine TEXT NOT NULL,
    endpoint TEXT NOT NULL,
    credentials_ref TEXT NOT NULL,
    draft TEXT NOT NULL,
    draft_sha256 TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('offered', 'held', 'confirmed')),
    redemption_id TEXT NOT NULL,
    created_at INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE tally_chunks (
    id INTEGER PRIMARY KEY,
    tally_id TEXT NOT NULL,
    chunk BLOB NOT NULL
  ) STRICT;
  CREATE INDEX tally_chunks_tally ON tally_chunks (tally_id);

  CREATE TABLE sessions (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    side TEXT NOT NULL CHECK (side IN ('listener', 'dialer')),
    state TEXT NOT NULL,
    reason TEXT,
    step TEXT,
    detail TEXT,
    peer_id TEXT NOT NULL,
    role TEXT,
    token_id TEXT,
    redemption_id TEXT,
    tally_id TEXT,
    remote_address TEXT,
    started_at INTEGER NOT NULL,
    ended_at INTEGER,
    duration_ms REAL
  ) STRICT;
  -- grows at its end only, so that a commit touches few pages
  CREATE TABLE journal (
    id INTEGER PRIMARY KEY,
    session INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    origin TEXT NOT NULL,
    target TEXT NOT NULL,
    event TEXT NOT NULL,
    at INTEGER NOT NULL,
    ms REAL NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX journal_session ON journal (session, seq);

  CREATE TABLE audit (
    seq INTEGER PRIMARY KEY,
    -- a session's first record names it; the later ones point to that one
    session_id TEXT,
    thread INTEGER,
    record TEXT NOT NULL,
    hash BLOB NOT NULL
  ) STRICT;
  CREATE INDEX audit_session ON audit (session_id) WHERE session_id IS NOT NULL;
  CREATE INDEX audit_thread ON audit (thread) WHERE thread IS NOT NULL;
  `
