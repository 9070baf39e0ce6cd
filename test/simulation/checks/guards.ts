/**
 * What may never be written, watched by the database itself: whoever does it all the same is noted in
 * `temp.broken`, in the same transaction, so that what is undone is not held against anybody.
 */
export const GUARDS = `
  CREATE TEMP TABLE guard (armed INTEGER NOT NULL);
  INSERT INTO temp.guard VALUES (0);
  CREATE TEMP TABLE broken (rule TEXT NOT NULL, what TEXT NOT NULL);

  CREATE TEMP TRIGGER final_state BEFORE UPDATE ON main.sessions
  WHEN OLD.state IN ('COMPLETED', 'FAILED', 'TIMEOUT') AND NEW.state <> OLD.state
    AND (SELECT armed FROM guard)
  BEGIN
    INSERT INTO broken VALUES ('I5', 'session ' || OLD.id || ' left ' || OLD.state);
  END;
  CREATE TEMP TABLE forgotten (id TEXT PRIMARY KEY);
  CREATE TEMP TRIGGER session_forgotten BEFORE DELETE ON main.sessions WHEN (SELECT armed FROM guard)
  BEGIN
    INSERT INTO broken SELECT 'I5', 'session ' || OLD.id || ' was forgotten in ' || OLD.state
      WHERE OLD.ended_at IS NULL;
    INSERT INTO forgotten VALUES (OLD.id);
  END;
  CREATE TEMP TRIGGER session_back BEFORE INSERT ON main.sessions
  WHEN EXISTS (SELECT 1 FROM forgotten WHERE id = NEW.id) AND (SELECT armed FROM guard)
  BEGIN
    INSERT INTO broken VALUES ('I5', 'session ' || NEW.id || ' was over and forgotten, and is back');
  END;
  CREATE TEMP TRIGGER asked_first BEFORE INSERT ON main.redemptions
  WHEN EXISTS (SELECT 1 FROM tokens t WHERE t.id = NEW.token_id AND t.by_hand = 1)
    AND NOT EXISTS (SELECT 1 FROM pending_requests p WHERE p.redemption_id = NEW.id
      AND p.token_id = NEW.token_id AND p.peer_id = NEW.peer_id AND p.until > NEW.approved_at
      AND p.request_hash = NEW.request_hash AND p.approved_at IS NULL)
    AND (SELECT armed FROM guard)
  BEGIN
    INSERT INTO broken VALUES ('H1', 'redemption ' || NEW.id || ' was reserved, and nothing waited for it');
  END;
  CREATE TEMP TRIGGER yes_was_meant BEFORE UPDATE ON main.redemptions
  WHEN NEW.state IN ('provisioning', 'delegated', 'committed') AND NEW.state <> OLD.state
    AND EXISTS (SELECT 1 FROM tokens t WHERE t.id = NEW.token_id AND t.by_hand = 1)
    AND NOT EXISTS (SELECT 1 FROM pending_requests p WHERE p.redemption_id = NEW.id
      AND p.request_hash = NEW.request_hash AND p.approved_at IS NOT NULL)
    AND (SELECT armed FROM guard)
  BEGIN
    INSERT INTO broken VALUES ('H1', 'redemption ' || NEW.id || ' is ' || NEW.state || ' without a yes to it');
  END;
  CREATE TEMP TRIGGER no_stands BEFORE INSERT ON main.redemptions
  WHEN EXISTS (SELECT 1 FROM denials d WHERE d.token_id = NEW.token_id AND d.peer_id = NEW.peer_id)
    AND (SELECT armed FROM guard)
  BEGIN
    INSERT INTO broken VALUES ('H2', 'redemption ' || NEW.id || ' was reserved after a no');
  END;
  CREATE TEMP TRIGGER no_stays BEFORE DELETE ON main.denials
  WHEN EXISTS (SELECT 1 FROM tokens t WHERE t.id = OLD.token_id AND t.forgotten_at IS NULL)
    AND (SELECT armed FROM guard)
  BEGIN
    INSERT INTO broken VALUES ('H2', 'the no to ' || OLD.peer_id || ' was forgotten');
  END;
  CREATE TEMP TRIGGER commit_stands BEFORE UPDATE ON main.redemptions
  WHEN OLD.state = 'committed' AND (NEW.state <> 'committed' OR NEW.tally_id <> OLD.tally_id)
    AND (SELECT armed FROM guard)
  BEGIN
    INSERT INTO broken VALUES ('I2', 'redemption ' || OLD.id || ' was committed and became '
      || NEW.state || ' with tally ' || NEW.tally_id);
  END;
  CREATE TEMP TRIGGER release_stands BEFORE UPDATE ON main.redemptions
  WHEN OLD.state = 'released' AND NEW.state <> 'released' AND (SELECT armed FROM guard)
  BEGIN
    INSERT INTO broken VALUES ('I1', 'redemption ' || OLD.id || ' was released and came back');
  END;
  CREATE TEMP TRIGGER fence_grows BEFORE UPDATE ON main.redemptions
  WHEN NEW.fence < OLD.fence AND (SELECT armed FROM guard)
  BEGIN
    INSERT INTO broken VALUES ('I1', 'the fence of redemption ' || OLD.id || ' went back');
  END;
  CREATE TEMP TRIGGER redemptions_stay BEFORE DELETE ON main.redemptions
  WHEN (SELECT armed FROM guard)
  BEGIN
    INSERT INTO broken VALUES ('I2', 'redemption ' || OLD.id || ' was deleted');
  END;
  CREATE TEMP TRIGGER tally_stands BEFORE DELETE ON main.tallies
  WHEN OLD.status = 'confirmed' AND (SELECT armed FROM guard)
  BEGIN
    INSERT INTO broken VALUES ('I4', 'confirmed tally ' || OLD.tally_id || ' was thrown away');
  END;
  CREATE TEMP TRIGGER tally_content BEFORE UPDATE ON main.tallies
  WHEN (NEW.draft <> OLD.draft OR NEW.partner <> OLD.partner
      OR (OLD.status = 'confirmed' AND NEW.status <> 'confirmed'))
    AND (SELECT armed FROM guard)
  BEGIN
    INSERT INTO broken VALUES ('I4', 'tally ' || OLD.tally_id || ' was changed');
  END;
  CREATE TEMP TRIGGER attempt_stands BEFORE UPDATE ON main.attempts
  WHEN OLD.status = 'confirmed' AND NEW.status <> 'confirmed' AND (SELECT armed FROM guard)
  BEGIN
    INSERT INTO broken VALUES ('I5', 'attempt ' || OLD.id || ' was confirmed and is ' || NEW.status);
  END;
  CREATE TEMP TRIGGER audit_stays BEFORE DELETE ON main.audit WHEN (SELECT armed FROM guard)
  BEGIN
    INSERT INTO broken VALUES ('I7', 'audit record ' || OLD.seq || ' was deleted');
  END;
  CREATE TEMP TRIGGER audit_unchanged BEFORE UPDATE ON main.audit WHEN (SELECT armed FROM guard)
  BEGIN
    INSERT INTO broken VALUES ('I7', 'audit record ' || OLD.seq || ' was changed');
  END;
`
