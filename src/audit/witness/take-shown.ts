import type { Checkpoint } from '../checkpoint/checkpoint.ts'
import type { AuditDraft } from '../record/record.ts'
import { alarmText, contradictionRecord, invalidRecord, unprovenRecord } from './alarms.ts'
import { type Judgement, judge, type WitnessedLog } from './judge.ts'
import type { ShownCheckpoint } from './shown-checkpoint.ts'
import { readShownNote, shownProofs } from './shown-note.ts'
import type { WitnessedCheckpoint } from './witnessed-checkpoint.ts'

/**
 * Checkpoints of one party that are kept without being proven: two sessions at once bring two. Of more, the oldest two
 * and the newest stay.
 */
const MAX_OPEN = 3

/** Contradictions of one party that are kept and recorded: a few are proof enough, and each is a peer's to make. */
const MAX_CONTRADICTIONS = 16

/** The time that a checkpoint was shown last is good to this, ms: not every session need write it. */
const SEEN_STEP_MS = 60_000

/** The changes that a checkpoint makes to those that are kept of its party. */
export interface TakenCheckpoint {
  readonly drop: readonly WitnessedCheckpoint[]
  /** One that was shown again just now. */
  readonly seenAgain?: WitnessedCheckpoint
  readonly put?: WitnessedCheckpoint
  readonly record?: AuditDraft
  /** The alarm in words, if it is a new one. */
  readonly alarm?: string
}

const NOTHING: TakenCheckpoint = { drop: [] }

type Contradiction = Extract<Judgement, { kind: 'forked' | 'rolled_back' }>

/**
 * Judges a peer's checkpoint by those that are kept of it. Changes nothing itself.
 * @param kept all of that peer, smallest first
 */
export function takeShown(
  shown: ShownCheckpoint,
  kept: readonly WitnessedCheckpoint[],
): TakenCheckpoint {
  const { peerId, checkpoint, announced } = shown
  const read = readShownNote(peerId, checkpoint, kept)
  if (typeof read === 'string') return { ...NOTHING, record: invalidRecord(shown, read) }
  const log = logOf(kept)
  const judgement = judge(log, { ...read, announced, proofs: shownProofs(checkpoint) })
  // A peer that never showed one may well have none, or had none when it said so. There is nothing to keep.
  if (read.size === 0 && judgement.kind !== 'rolled_back') return NOTHING
  switch (judgement.kind) {
    case 'proven':
    case 'open': {
      const taken = keep(shown, read, kept, judgement)
      const isDoubtful = taken.put !== undefined && log !== undefined && isWithheld(judgement)
      return isDoubtful ? { ...taken, record: unprovenRecord(shown, read, log.proven) } : taken
    }
    case 'forked':
    case 'rolled_back':
      return accuse(shown, read, kept, judgement)
    default:
      return judgement satisfies never
  }
}

function keep(
  { peerId, sessionId, at, checkpoint }: ShownCheckpoint,
  { size, root }: Checkpoint,
  kept: readonly WitnessedCheckpoint[],
  { kind, settled }: Extract<Judgement, { kind: 'proven' | 'open' }>,
): TakenCheckpoint {
  const drop = kept.filter((each) => each.standing === 'open' && settled.includes(each.size))
  const twin = kept.find((each) => each.standing === kind && each.size === size)
  if (twin !== undefined)
    return at - twin.seenAt >= SEEN_STEP_MS ? { drop, seenAgain: twin } : { drop }
  const before = kind === 'proven' ? kept.find(({ standing }) => standing === 'proven') : undefined
  if (before !== undefined) drop.push(before)
  const open = openOf(kept, settled)
  if (kind === 'open' && open.length >= MAX_OPEN) {
    const victim = victimOf(size, open)
    if (victim === undefined) return { drop }
    drop.push(victim)
  }
  const note = checkpoint.note ?? ''
  const since = before?.since ?? at
  return { drop, put: { peerId, size, standing: kind, root, note, since, seenAt: at, sessionId } }
}

/** Of those that are not proven, and one more: the one that makes room. None if that would be the new one. */
function victimOf(
  size: number,
  open: readonly WitnessedCheckpoint[],
): WitnessedCheckpoint | undefined {
  const sizes = [...open.map((each) => each.size), size].toSorted((a, b) => a - b)
  const victim = sizes.at(-2)
  return open.find((each) => each.size === victim)
}

function accuse(
  shown: ShownCheckpoint,
  { size, root }: Checkpoint,
  kept: readonly WitnessedCheckpoint[],
  { kind, against }: Contradiction,
): TakenCheckpoint {
  const { peerId, sessionId, at, checkpoint } = shown
  const known = kept.filter((each) => !isGood(each))
  const isKnown = known.some((each) => {
    return each.standing === kind && each.size === size && Buffer.compare(each.root, root) === 0
  })
  if (isKnown || known.length >= MAX_CONTRADICTIONS) return NOTHING
  const other = kept.find((each) => isGood(each) && each.size === against.size)
  const note = checkpoint.note ?? ''
  const evidence = { size: against.size, note: other?.note ?? '' }
  const times = { since: at, seenAt: at }
  return {
    drop: [],
    put: { peerId, size, standing: kind, root, note, ...times, sessionId, against: evidence },
    record: contradictionRecord(shown, kind, { size, root }, against),
    alarm: alarmText(peerId, kind, size, against.size),
  }
}

function isWithheld(judgement: Judgement): boolean {
  return judgement.kind === 'open' && judgement.withheld
}

/** Not proven, and still not settled. */
function openOf(kept: readonly WitnessedCheckpoint[], settled: readonly number[]) {
  return kept.filter(({ standing, size }) => standing === 'open' && !settled.includes(size))
}

function isGood({ standing }: WitnessedCheckpoint): boolean {
  return standing === 'proven' || standing === 'open'
}

function logOf(kept: readonly WitnessedCheckpoint[]): WitnessedLog | undefined {
  const proven = kept.find(({ standing }) => standing === 'proven')
  if (proven === undefined) return undefined
  return { proven, open: kept.filter(({ standing }) => standing === 'open') }
}
