import { SCHEMA_CHANGES } from '../schema/schema-changes.ts'
import { FIRST_SCHEMA } from './first-schema.ts'

/**
 * The schema, one entry per version; a store holds its version in `PRAGMA user_version`. Entries are
 * never edited once released: a change is a new entry of `SCHEMA_CHANGES`.
 */
export const MIGRATIONS: readonly string[] = [
  FIRST_SCHEMA,
  `
  -- what a check allowed, for this fence only; used up by provisioning
  ALTER TABLE redemptions ADD COLUMN approved_fence INTEGER;

  -- which process works on an attempt, and until when it may be believed to be alive
  ALTER TABLE attempts ADD COLUMN owner TEXT;
  ALTER TABLE attempts ADD COLUMN lease_until INTEGER NOT NULL DEFAULT 0;

  -- databases built for nobody: each is removed in the end, or stays here
  CREATE TABLE removals (
    tally_id TEXT PRIMARY KEY,
    redemption_id TEXT NOT NULL,
    fence INTEGER NOT NULL,
    session_id TEXT NOT NULL,
    peer_id TEXT NOT NULL,
    reason TEXT NOT NULL,
    since INTEGER NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0,
    next_at INTEGER NOT NULL,
    last_error TEXT
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX removals_due ON removals (next_at);

  -- sessions that no process may be working on any more are looked for at every start
  CREATE INDEX sessions_open ON sessions (side) WHERE ended_at IS NULL;
  `,
  `
  -- the terms and requirements that the user said yes to: who runs the link again is not asked again
  ALTER TABLE attempts ADD COLUMN consented_terms TEXT;
  ALTER TABLE attempts ADD COLUMN consented_required TEXT;
  `,
  `
  -- what is known of a session when it is over, written once
  ALTER TABLE sessions ADD COLUMN fence INTEGER;
  ALTER TABLE sessions ADD COLUMN retries INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE sessions ADD COLUMN steps TEXT;
  ALTER TABLE sessions ADD COLUMN frames_in INTEGER;
  ALTER TABLE sessions ADD COLUMN frames_out INTEGER;
  ALTER TABLE sessions ADD COLUMN bytes_in INTEGER;
  ALTER TABLE sessions ADD COLUMN bytes_out INTEGER;
  ALTER TABLE sessions ADD COLUMN transcript BLOB;

  -- how many sessions each had so far: an index on the sessions would cost a page for each of them
  ALTER TABLE redemptions ADD COLUMN sessions INTEGER NOT NULL DEFAULT 1;
  ALTER TABLE attempts ADD COLUMN sessions INTEGER NOT NULL DEFAULT 1;
  `,
  `
  -- an answer that was taken back, and of which the rest is a tombstone; a tally that the inviter took back
  ALTER TABLE redemptions ADD COLUMN withdrawn_at INTEGER;
  ALTER TABLE tallies ADD COLUMN withdrawn_at INTEGER;

  -- hosts that have yet to be told that a use is spent
  CREATE TABLE notices (
    redemption_id TEXT PRIMARY KEY,
    token_id TEXT NOT NULL,
    fence INTEGER NOT NULL,
    session_id TEXT NOT NULL,
    peer_id TEXT NOT NULL,
    since INTEGER NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0,
    next_at INTEGER NOT NULL,
    last_error TEXT
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX notices_due ON notices (next_at);
  `,
  `
  -- the RFC 6962 tree over the audit: roots of complete subtrees with 256^level records each
  CREATE TABLE audit_tree (
    level INTEGER NOT NULL,
    n INTEGER NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (level, n)
  ) STRICT, WITHOUT ROWID;

  -- what this node signed: how far the audit had grown
  CREATE TABLE audit_checkpoints (
    size INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    note TEXT NOT NULL
  ) STRICT;

  -- stretches of the audit that were closed; with removed_at, the note is all that is left of one
  CREATE TABLE audit_segments (
    first INTEGER PRIMARY KEY,
    last INTEGER NOT NULL UNIQUE,
    removed_at INTEGER,
    note TEXT NOT NULL
  ) STRICT;
  `,
  `
  -- a token that expired unused and was cleared away: only its id is left, because to delete it would mean to look
  -- through all redemptions for one that refers to it
  ALTER TABLE tokens ADD COLUMN forgotten_at INTEGER;
  `,
  `
  -- when it was seen that a token had run out; those that were not looked at are found by when they will
  ALTER TABLE tokens ADD COLUMN expiry_noted_at INTEGER;
  CREATE INDEX tokens_to_expire ON tokens (expires_at)
    WHERE expiry_noted_at IS NULL AND revoked_at IS NULL AND secret_hash IS NOT NULL;
  `,
  `
  -- what other parties signed about their own audits, for as long as one is asked about
  CREATE TABLE witnessed (
    peer_id TEXT NOT NULL,
    size INTEGER NOT NULL,
    standing TEXT NOT NULL CHECK (standing IN ('proven', 'open', 'forked', 'rolled_back')),
    root BLOB NOT NULL,
    note TEXT NOT NULL,
    since INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    session_id TEXT NOT NULL,
    -- of what contradicts it: the other one, which may be replaced in its own row
    against_size INTEGER,
    against_note TEXT,
    PRIMARY KEY (peer_id, size, standing, root)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX witnessed_alarms ON witnessed (peer_id) WHERE against_size IS NOT NULL;
  `,
  `
  -- what both sides sign of a redemption, as far as the row does not have it, and who has signed
  ALTER TABLE tallies ADD COLUMN token_id TEXT;
  ALTER TABLE tallies ADD COLUMN request_hash BLOB;
  ALTER TABLE tallies ADD COLUMN response_hash BLOB;
  ALTER TABLE tallies ADD COLUMN inviter_signature BLOB;
  ALTER TABLE tallies ADD COLUMN invitee_signature BLOB;
  `,
  `
  -- the attempts that somebody works on: few, however many there were
  CREATE INDEX attempts_leased ON attempts (link_hash) WHERE owner IS NOT NULL;
  `,
  `
  -- which tokens and peers are named in records 256 n + 1 to 256 n + 256: a Bloom filter, made when a checkpoint is taken
  CREATE TABLE audit_blocks (
    n INTEGER PRIMARY KEY,
    filter BLOB NOT NULL
  ) STRICT;
  `,
  `
  -- who is removing a database now, and until when that may take; and whether it was owed again meanwhile
  ALTER TABLE removals ADD COLUMN claimed_by TEXT;
  ALTER TABLE removals ADD COLUMN claimed_until INTEGER;
  ALTER TABLE removals ADD COLUMN owed_again INTEGER NOT NULL DEFAULT 0;
  `,
  `
  -- ids are found by indices from now on: where a thread begins, and all its records name the same ones
  DROP TABLE audit_blocks;
  UPDATE audit SET session_id = start.session_id, thread = NULL FROM audit AS start
    WHERE start.seq = audit.thread AND (
      CASE WHEN json_valid(audit.record) THEN json_extract(audit.record, '$.tokenId') END IS NOT
        CASE WHEN json_valid(start.record) THEN json_extract(start.record, '$.tokenId') END
      OR CASE WHEN json_valid(audit.record) THEN json_extract(audit.record, '$.peerId') END IS NOT
        CASE WHEN json_valid(start.record) THEN json_extract(start.record, '$.peerId') END);
  CREATE INDEX audit_token ON audit (
    CASE WHEN json_valid(record) THEN json_extract(record, '$.tokenId') END) WHERE thread IS NULL;
  CREATE INDEX audit_peer ON audit (
    CASE WHEN json_valid(record) THEN json_extract(record, '$.peerId') END) WHERE thread IS NULL;
  `,
  `
  -- redemptions that one side has and the other side has lost, as heard from a peer
  CREATE TABLE lost_uses (
    lost_by TEXT NOT NULL CHECK (lost_by IN ('here', 'inviter')),
    redemption_id TEXT NOT NULL,
    token_id TEXT NOT NULL,
    peer_id TEXT NOT NULL,
    tally_id TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (lost_by, redemption_id)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  -- where partners are, as links and they themselves have told
  CREATE TABLE partner_addresses (
    peer_id TEXT NOT NULL,
    address TEXT NOT NULL,
    learnt_at INTEGER NOT NULL,
    -- among those learnt at the same time, the best first
    place INTEGER NOT NULL,
    PRIMARY KEY (peer_id, address)
  ) STRICT, WITHOUT ROWID;
  -- each tally's document here and at the partner
  CREATE TABLE tally_sync (
    tally_id TEXT PRIMARY KEY,
    heads TEXT,
    partner_heads TEXT,
    ahead INTEGER NOT NULL DEFAULT 0,
    behind INTEGER NOT NULL DEFAULT 0,
    partner_seen_at INTEGER,
    missed_at INTEGER,
    stop TEXT,
    stopped_at INTEGER
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX tally_sync_stopped ON tally_sync (stopped_at) WHERE stop IS NOT NULL;
  CREATE INDEX tallies_partner ON tallies (partner);
  -- whoever changes a document without telling its heads has them looked up again
  CREATE TRIGGER tally_chunk_added AFTER INSERT ON tally_chunks BEGIN
    UPDATE tally_sync SET heads = NULL WHERE tally_id = new.tally_id;
  END;
  CREATE TRIGGER tally_chunk_removed AFTER DELETE ON tally_chunks BEGIN
    UPDATE tally_sync SET heads = NULL WHERE tally_id = old.tally_id;
  END;
  CREATE TRIGGER tally_removed AFTER DELETE ON tallies BEGIN
    DELETE FROM tally_sync WHERE tally_id = old.tally_id;
  END;
  `,
  `
  -- signatures under changes of tallies' documents, each by the party that made the change
  CREATE TABLE tally_signatures (
    tally_id TEXT NOT NULL,
    change BLOB NOT NULL,
    signature BLOB NOT NULL,
    PRIMARY KEY (tally_id, change)
  ) STRICT, WITHOUT ROWID;
  CREATE TRIGGER tally_signatures_removed AFTER DELETE ON tallies BEGIN
    DELETE FROM tally_signatures WHERE tally_id = old.tally_id;
  END;
  -- 1: the document has changes that were made before changes were signed. A document of one part was never changed
  ALTER TABLE tally_sync ADD COLUMN unsigned INTEGER NOT NULL DEFAULT 0;
  INSERT INTO tally_sync (tally_id, unsigned)
    SELECT tally_id, 1 FROM tally_chunks GROUP BY tally_id HAVING count(*) > 1
    ON CONFLICT (tally_id) DO UPDATE SET unsigned = 1;
  `,
  `
  -- invitations that give nothing new for now, and since when
  ALTER TABLE tokens ADD COLUMN paused_at INTEGER;
  -- peers from whom nothing is taken, and why
  CREATE TABLE denied_peers (
    peer_id TEXT PRIMARY KEY,
    denied_at INTEGER NOT NULL,
    reason TEXT
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX denied_peers_age ON denied_peers (denied_at, peer_id);
  `,
  `
  -- how databases on servers are opened; server and partner_password where this side has built
  CREATE TABLE database_credentials (
    tally_id TEXT PRIMARY KEY,
    server TEXT,
    endpoint TEXT NOT NULL,
    user TEXT NOT NULL,
    password TEXT NOT NULL,
    partner_password TEXT,
    removed INTEGER NOT NULL DEFAULT 0,
    made_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX database_credentials_age ON database_credentials (made_at);
  `,
  `
  -- the older protocol that the peer spoke; null for ours
  ALTER TABLE sessions ADD COLUMN protocol TEXT;
  `,
  `
  -- how often a token's terms were changed, and on which of them each use was reserved; NULL: on others, of a hook
  ALTER TABLE tokens ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE redemptions ADD COLUMN revision INTEGER;
  UPDATE redemptions SET revision = 0
    WHERE token_id IN (SELECT id FROM tokens WHERE secret_hash IS NOT NULL);
  -- terms that were changed since: whoever has reserved on them keeps them
  CREATE TABLE past_terms (
    token_id TEXT NOT NULL,
    revision INTEGER NOT NULL,
    required TEXT NOT NULL,
    optional TEXT NOT NULL,
    terms TEXT NOT NULL,
    PRIMARY KEY (token_id, revision)
  ) STRICT, WITHOUT ROWID;
  -- the invitee's share in the words that two people compare, and when they have found them to be the same
  ALTER TABLE tallies ADD COLUMN opening TEXT;
  ALTER TABLE tallies ADD COLUMN compared_at INTEGER;
  `,
  `
  -- 1: the inviter says yes or no to each request
  ALTER TABLE tokens ADD COLUMN by_hand INTEGER NOT NULL DEFAULT 0;
  -- requests that wait for that, or whose peer has yet to come for its yes
  CREATE TABLE pending_requests (
    id TEXT PRIMARY KEY,
    token_id TEXT NOT NULL,
    peer_id TEXT NOT NULL,
    bootstrap_id TEXT NOT NULL,
    request_hash TEXT NOT NULL,
    grant_hash TEXT NOT NULL,
    another INTEGER NOT NULL,
    redemption_id TEXT NOT NULL UNIQUE,
    identity TEXT NOT NULL,
    cadre TEXT NOT NULL,
    remote_address TEXT,
    since INTEGER NOT NULL,
    until INTEGER NOT NULL,
    approved_at INTEGER
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX pending_requests_token ON pending_requests (token_id, peer_id, bootstrap_id);
  CREATE INDEX pending_requests_peer ON pending_requests (peer_id) WHERE approved_at IS NULL;
  CREATE INDEX pending_requests_time ON pending_requests (until) WHERE approved_at IS NULL;
  CREATE INDEX pending_requests_approved ON pending_requests (approved_at)
    WHERE approved_at IS NOT NULL;
  CREATE INDEX pending_requests_age ON pending_requests (since, id);
  CREATE TABLE denials (
    token_id TEXT NOT NULL,
    peer_id TEXT NOT NULL,
    reason TEXT,
    at INTEGER NOT NULL,
    PRIMARY KEY (token_id, peer_id)
  ) STRICT, WITHOUT ROWID;
  `,
  ...SCHEMA_CHANGES.map((change) => (typeof change === 'string' ? change : change.sqlite)),
]
