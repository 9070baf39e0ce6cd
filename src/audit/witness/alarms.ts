import type { JsonValue } from '../../protocol/json/json-value.ts'
import type { Checkpoint } from '../checkpoint/checkpoint.ts'
import type { NoteProblem } from '../errors.ts'
import type { AuditDraft } from '../record/record.ts'
import type { ShownCheckpoint } from './shown-checkpoint.ts'

type Contradiction = 'forked' | 'rolled_back'

/** A party showed what can't be of the audit that it showed before. */
export function contradictionRecord(
  shown: ShownCheckpoint,
  kind: Contradiction,
  now: Checkpoint,
  before: Checkpoint,
): AuditDraft {
  return record(shown, 'alarm', {
    event: `witness.${kind}`,
    shown: wordsOf(now),
    kept: wordsOf(before),
  })
}

/**
 * A party was asked to prove that its audit goes on from what it showed before, and did not. One that has removed old
 * records may be unable to; so may one that has rewritten them.
 */
export function unprovenRecord(
  shown: ShownCheckpoint,
  now: Checkpoint,
  before: Checkpoint,
): AuditDraft {
  return record(shown, 'warning', {
    event: 'witness.unproven',
    shown: wordsOf(now),
    kept: wordsOf(before),
  })
}

/** The alarm for a checkpoint that the peer did not sign about its audit. One for a session, as it may show one. */
export function invalidRecord(shown: ShownCheckpoint, problem: NoteProblem): AuditDraft {
  return record(shown, 'warning', { event: 'witness.invalid', problem })
}

/** For people; the same fact as the record. */
export function alarmText(
  peerId: string,
  kind: Contradiction,
  now: number,
  before: number,
): string {
  return kind === 'forked'
    ? `the audit that ${peerId} shows, of ${now} records, does not go on from the ${before} it showed before`
    : `the audit of ${peerId} was rolled back: it has ${now} records, and had ${before}`
}

function record(
  { peerId, sessionId, at, monotonic }: ShownCheckpoint,
  severity: AuditDraft['severity'],
  data: Readonly<Record<string, JsonValue>>,
): AuditDraft {
  return { type: 'security', severity, at, monotonic, sessionId, peerId, data }
}

function wordsOf({ size, root }: Checkpoint) {
  return { size, root: Buffer.from(root).toString('hex') }
}
