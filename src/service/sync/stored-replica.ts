import type { AuditDraft } from '../../audit/record/record.ts'
import type { ChangeSignature } from '../../protocol/sync/change-signature.ts'
import type { Repositories } from '../../store/work/repositories.ts'
import { TallyRefusedError } from '../../tally/errors.ts'
import type { Guard, JudgedDocument } from '../../tally/guard/guarded-document.ts'
import type { TakenChanges } from '../../tally/guard/synced-document.ts'
import { addToReplica } from '../../tally/replica-store.ts'
import type { SyncedReplica, SyncTurn } from '../../tally/sync/sync-ports.ts'
import { namedSignatures } from '../tallies/audited-signatures.ts'
import type { TallyRecord } from '../tallies/read-tally.ts'
import { tallyChunks } from '../tallies/tally-chunks.ts'
import { LateSignatures } from './late-signatures.ts'
import type { SyncPorts } from './replica-ports.ts'

/** Told what becomes of a replica that is being synced. */
interface ReplicaListener {
  taken(changes: number): void
  stopped(): void
}

/** One tally's document in the store, beside a thread that judges what the partner sends. */
export class StoredReplica implements Omit<SyncedReplica, 'close'> {
  readonly #ports: Pick<SyncPorts, 'store' | 'now'>
  readonly #late: LateSignatures
  readonly #tally: TallyRecord
  readonly #listener: ReplicaListener
  readonly #guard: Guard
  /** The stored parts, as the thread has them. */
  #known: readonly Uint8Array[] = []
  #judge: JudgedDocument

  constructor(ports: SyncPorts, tally: TallyRecord, guard: Guard, listener: ReplicaListener) {
    this.#ports = ports
    this.#tally = tally
    this.#listener = listener
    this.#guard = guard
    this.#late = new LateSignatures(ports, tally)
    this.#judge = this.#opened()
  }

  async generate(): Promise<SyncTurn | undefined> {
    const said = await this.#stopping(() => this.#judge.generate())
    const wantsAll = await this.#late.isWanted()
    const signatures = this.#late.owed() ?? this.#signaturesOf(said?.changes ?? [])
    if (said === undefined && signatures.length === 0 && !wantsAll) return undefined
    return { message: said?.bytes ?? new Uint8Array(0), signatures, wantsAll }
  }

  async receive({ message, signatures, wantsAll }: SyncTurn): Promise<void> {
    if (wantsAll) await this.#late.owe()
    const taken =
      message.length === 0
        ? undefined
        : await this.#stopping(() => this.#judge.receive(message, signatures))
    const kept = taken === undefined ? 0 : await this.#keep(taken)
    if (kept > 0) this.#listener.taken(kept)
    await this.#late.take(signatures)
  }

  /** Hands the stored document to the guard. */
  #opened(): JudgedDocument {
    const { tallyId, built, role } = this.#tally
    const { store } = this.#ports
    this.#known = store.read(({ tallies }) => tallies.chunks(tallyId))
    const { partnerHeads } = store.read(({ tallySyncs }) => tallySyncs.find(tallyId))
    const chunks = this.#known
    return this.#guard.guard({ tallyId, draftText: built.draft.text, role, chunks, partnerHeads })
  }

  /**
   * Stores changes, durable when this resolves. If somebody else has changed the document since they were judged beside it,
   * they are judged anew: two exchanges may bring what is sound by itself, and not together.
   * @returns how many are new
   * @throws TallyRefusedError, StoreError
   */
  async #keep(taken: TakenChanges): Promise<number> {
    const { store } = this.#ports
    let judged: TakenChanges | undefined = taken
    while (judged !== undefined) {
      const due: TakenChanges = judged
      if (await store.write((repositories) => this.#store(repositories, due))) break
      judged = await this.#judgedAnew(taken)
    }
    // The thread's document is without them, or without what is beside them.
    if (judged !== taken) this.#judge = this.#opened()
    return judged?.changes ?? 0
  }

  /** @returns undefined if all of them are there by now */
  async #judgedAnew(taken: TakenChanges): Promise<TakenChanges | undefined> {
    this.#judge = this.#opened()
    const { chunk, signatures } = taken
    const { heads, changes } = await this.#stopping(() => this.#judge.check([chunk], signatures))
    return changes.length === 0 ? undefined : { ...taken, heads, changes: changes.length }
  }

  #signaturesOf(changes: readonly string[]): readonly ChangeSignature[] {
    const { tallyId } = this.#tally
    return this.#ports.store.read(({ tallySignatures }) => tallySignatures.of(tallyId, changes))
  }

  /** @returns false if the document is not the one beside which they were judged: then nothing is stored */
  #store(
    { tallies, tallySignatures, tallySyncs, audit }: Repositories,
    taken: TakenChanges,
  ): boolean {
    const { tallyId, built } = this.#tally
    if (!isSame(tallies.chunks(tallyId), this.#known)) return false
    addToReplica(tallyChunks(tallies), tallyId, built.draft.text, taken.chunk)
    tallySignatures.add(tallyId, taken.signatures)
    tallySyncs.setHeads(tallyId, taken.heads)
    this.#known = tallies.chunks(tallyId)
    const { changes, heads, signatures } = taken
    const [first, ...more] = namedSignatures(signatures)
    const event = 'tally.changes_taken'
    audit.append(this.#record('info', { event, changes, heads: [...heads], ...first }))
    for (const names of more) {
      audit.append(this.#record('info', { event: 'tally.changes_signed', ...names }))
    }
    return true
  }

  /** Stops the tally, with an alarm, if its changes are refused. */
  async #stopping<Answer>(work: () => Promise<Answer>): Promise<Answer> {
    try {
      return await work()
    } catch (error) {
      if (error instanceof TallyRefusedError) await this.#stop(error)
      throw error
    }
  }

  async #stop({ stop }: TallyRefusedError): Promise<void> {
    const { store, now } = this.#ports
    const { tallyId } = this.#tally
    await store.write(({ tallySyncs, audit }) => {
      tallySyncs.setStop(tallyId, stop, now())
      audit.append(this.#record('alarm', { event: 'tally.sync_stopped', reason: stop }))
    })
    this.#listener.stopped()
  }

  #record(severity: AuditDraft['severity'], data: AuditDraft['data']): AuditDraft {
    const { tallyId, redemptionId, partner } = this.#tally
    const type = severity === 'alarm' ? 'security' : 'database'
    const [at, monotonic] = [this.#ports.now(), performance.now()]
    const about = { redemptionId, peerId: partner.peerId }
    return { type, severity, at, monotonic, ...about, data: { ...data, tallyId } }
  }
}

function isSame(some: readonly Uint8Array[], others: readonly Uint8Array[]): boolean {
  return (
    some.length === others.length &&
    some.every((chunk, at) => Buffer.compare(chunk, others[at] ?? new Uint8Array(0)) === 0)
  )
}
