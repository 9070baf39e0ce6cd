import type { Checkpoint } from '../../audit/checkpoint/checkpoint.ts'
import { type Judgement, judge, type WitnessedLog } from '../../audit/witness/judge.ts'
import type { StoreTransaction } from '../../session/ports/store.ts'
import type { OwnCheckpoint, ShownCheckpoint, Witness } from '../../session/ports/witness.ts'
import type { WitnessedCheckpoint } from '../../store/audit/witnessed-checkpoints.ts'
import { alarmText, contradictionRecord, invalidRecord, unprovenRecord } from './alarms.ts'
import { OwnCheckpoints, type WitnessStore } from './own-checkpoints.ts'
import { readShownNote, shownProofs } from './shown-note.ts'

/**
 * Checkpoints of one party that are kept without being proven: two sessions at once bring two. Of more, the oldest two
 * and the newest stay.
 */
const MAX_OPEN = 3

/** Contradictions of one party that are kept and recorded: a few are proof enough, and each is a peer's to make. */
const MAX_CONTRADICTIONS = 16

/** The time that a checkpoint was shown last is good to this, ms: not every session need write it. */
const SEEN_STEP_MS = 60_000

type Contradiction = Extract<Judgement, { kind: 'forked' | 'rolled_back' }>

/** Keeps what others sign in this party's store, and shows them what is signed there. */
export class StoreWitness implements Witness {
  readonly #store: WitnessStore
  readonly #own: OwnCheckpoints

  constructor(store: WitnessStore) {
    this.#store = store
    this.#own = new OwnCheckpoints(store)
  }

  prepare(): void {
    this.#own.prepare()
  }

  own(sizes: readonly number[]): OwnCheckpoint | undefined {
    return this.#own.show(sizes)
  }

  sizesOf(peerId: string): readonly number[] {
    return this.#store.read(({ witnessed }) => witnessed.sizesOf(peerId))
  }

  take(shown: ShownCheckpoint, transaction: StoreTransaction): string | undefined {
    const { peerId, checkpoint, announced } = shown
    const kept = this.#kept(peerId)
    const read = readShownNote(peerId, checkpoint, kept)
    if (typeof read === 'string') {
      transaction.appendAudit(invalidRecord(shown, read))
      return undefined
    }
    const log = logOf(kept)
    const judgement = judge(log, { ...read, announced, proofs: shownProofs(checkpoint) })
    // A peer that never showed one may well have none, or had none when it said so. There is nothing to keep.
    if (read.size === 0 && judgement.kind !== 'rolled_back') return undefined
    switch (judgement.kind) {
      case 'proven':
      case 'open':
        if (this.#keep(shown, read, kept, judgement) && log !== undefined && isWithheld(judgement))
          transaction.appendAudit(unprovenRecord(shown, read, log.proven))
        return undefined
      case 'forked':
      case 'rolled_back':
        return this.#accuse(shown, read, kept, judgement, transaction)
      default:
        return judgement satisfies never
    }
  }

  #kept(peerId: string): readonly WitnessedCheckpoint[] {
    return this.#store.read(({ witnessed }) => witnessed.ofPeer(peerId))
  }

  /** @returns whether it is kept as a new one */
  #keep(
    { peerId, sessionId, at, checkpoint }: ShownCheckpoint,
    { size, root }: Checkpoint,
    kept: readonly WitnessedCheckpoint[],
    { kind, settled }: Extract<Judgement, { kind: 'proven' | 'open' }>,
  ): boolean {
    const { witnessed } = this.#store.repositories
    for (const each of kept) {
      if (each.standing === 'open' && settled.includes(each.size)) witnessed.drop(each)
    }
    const twin = kept.find((each) => each.standing === kind && each.size === size)
    if (twin !== undefined) {
      if (at - twin.seenAt >= SEEN_STEP_MS) witnessed.touch(twin, at)
      return false
    }
    const before =
      kind === 'proven' ? kept.find(({ standing }) => standing === 'proven') : undefined
    if (before !== undefined) witnessed.drop(before)
    if (kind === 'open' && !this.#hasRoom(size, openOf(kept, settled))) return false
    const note = checkpoint.note ?? ''
    const since = before?.since ?? at
    witnessed.put({ peerId, size, standing: kind, root, note, since, seenAt: at, sessionId })
    return true
  }

  /** Of those that are not proven, and one more. Drops one if need be. */
  #hasRoom(size: number, open: readonly WitnessedCheckpoint[]): boolean {
    if (open.length < MAX_OPEN) return true
    const sizes = [...open.map((each) => each.size), size].toSorted((a, b) => a - b)
    const victim = sizes.at(-2)
    const dropped = open.find((each) => each.size === victim)
    if (dropped !== undefined) this.#store.repositories.witnessed.drop(dropped)
    return dropped !== undefined
  }

  #accuse(
    shown: ShownCheckpoint,
    { size, root }: Checkpoint,
    kept: readonly WitnessedCheckpoint[],
    { kind, against }: Contradiction,
    transaction: StoreTransaction,
  ): string | undefined {
    const { peerId, sessionId, at, checkpoint } = shown
    const known = kept.filter((each) => !isGood(each))
    const isKnown = known.some((each) => {
      return each.standing === kind && each.size === size && Buffer.compare(each.root, root) === 0
    })
    if (isKnown || known.length >= MAX_CONTRADICTIONS) return undefined
    const other = kept.find((each) => isGood(each) && each.size === against.size)
    this.#store.repositories.witnessed.put({
      peerId,
      size,
      standing: kind,
      root,
      note: checkpoint.note ?? '',
      since: at,
      seenAt: at,
      sessionId,
      against: { size: against.size, note: other?.note ?? '' },
    })
    transaction.appendAudit(contradictionRecord(shown, kind, { size, root }, against))
    return alarmText(peerId, kind, size, against.size)
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
