import type { AuditDraft } from '../../audit/record/record.ts'
import type { ChangeSignature } from '../../protocol/sync/change-signature.ts'
import { appendAudit, type Query } from '../../store/query/query.ts'
import { tallyChunkRecords } from '../../store/records/tally-chunk-records.ts'
import { tallySignatureRecords } from '../../store/sync/tally-signature-records.ts'
import { tallySyncRecords } from '../../store/sync/tally-sync-records.ts'
import { TallyRefusedError } from '../../tally/errors.ts'
import type { Guard, JudgedDocument } from '../../tally/guard/guarded-document.ts'
import type { TakenChanges } from '../../tally/guard/synced-document.ts'
import { addToReplica } from '../../tally/replica-parts.ts'
import type { SyncedReplica, SyncTurn } from '../../tally/sync/sync-ports.ts'
import { namedSignatures } from '../tallies/audited-signatures.ts'
import { replicaOf, type TallyRecord } from '../tallies/read-tally.ts'
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
  /** Undefined until the document is opened. */
  #judge: JudgedDocument | undefined

  constructor(ports: SyncPorts, tally: TallyRecord, guard: Guard, listener: ReplicaListener) {
    this.#ports = ports
    this.#tally = tally
    this.#listener = listener
    this.#guard = guard
    this.#late = new LateSignatures(ports, tally)
  }

  async generate(): Promise<SyncTurn | undefined> {
    const said = await this.#stopping((judge) => judge.generate())
    const wantsAll = await this.#late.isWanted()
    const signatures = this.#late.owed() ?? (await this.#signaturesOf(said?.changes ?? []))
    if (said === undefined && signatures.length === 0 && !wantsAll) return undefined
    return { message: said?.bytes ?? new Uint8Array(0), signatures, wantsAll }
  }

  async receive({ message, signatures, wantsAll }: SyncTurn): Promise<void> {
    if (wantsAll) await this.#late.owe()
    const taken =
      message.length === 0
        ? undefined
        : await this.#stopping((judge) => judge.receive(message, signatures))
    const kept = taken === undefined ? 0 : await this.#keep(taken)
    if (kept > 0) this.#listener.taken(kept)
    await this.#late.take(signatures)
  }

  /** Hands the stored document to the guard. */
  async #open(): Promise<JudgedDocument> {
    const { tallyId, role } = this.#tally
    const { chunks, partnerHeads } = await this.#ports.store.query(function* () {
      const { partnerHeads } = yield* tallySyncRecords.find(tallyId)
      return { chunks: yield* tallyChunkRecords.all(tallyId), partnerHeads }
    })
    this.#known = chunks
    this.#judge = this.#guard.guard({ ...replicaOf(this.#tally), role, chunks, partnerHeads })
    return this.#judge
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
      const known = await store.transact(() => this.#store(due))
      if (known !== undefined) {
        this.#known = known
        break
      }
      judged = await this.#judgedAnew(taken)
    }
    // The thread's document is without them, or without what is beside them.
    if (judged !== taken) await this.#open()
    return judged?.changes ?? 0
  }

  /** @returns undefined if all of them are there by now */
  async #judgedAnew(taken: TakenChanges): Promise<TakenChanges | undefined> {
    await this.#open()
    const { chunk, signatures } = taken
    const { heads, changes } = await this.#stopping((judge) => judge.check([chunk], signatures))
    return changes.length === 0 ? undefined : { ...taken, heads, changes: changes.length }
  }

  async #signaturesOf(changes: readonly string[]): Promise<readonly ChangeSignature[]> {
    if (changes.length === 0) return []
    const { tallyId } = this.#tally
    return await this.#ports.store.query(() => tallySignatureRecords.of(tallyId, changes))
  }

  /** @returns the parts after that; undefined if they were not those beside which it was judged: then nothing is stored */
  *#store(taken: TakenChanges): Query<readonly Uint8Array[] | undefined> {
    const { tallyId } = this.#tally
    const chunks = yield* tallyChunkRecords.all(tallyId)
    if (!isSame(chunks, this.#known)) return undefined
    const parts = addToReplica(chunks, replicaOf(this.#tally), taken.chunk)
    yield* tallyChunkRecords.add(tallyId, parts)
    yield* tallySignatureRecords.add(tallyId, taken.signatures)
    yield* tallySyncRecords.setHeads(tallyId, taken.heads)
    const { changes, heads, signatures } = taken
    const [first, ...more] = namedSignatures(signatures)
    const event = 'tally.changes_taken'
    yield* appendAudit(this.#record('info', { event, changes, heads: [...heads], ...first }))
    for (const names of more) {
      yield* appendAudit(this.#record('info', { event: 'tally.changes_signed', ...names }))
    }
    return yield* tallyChunkRecords.all(tallyId)
  }

  /** Stops the tally, with an alarm, if its changes are refused. */
  async #stopping<Answer>(work: (judge: JudgedDocument) => Promise<Answer>): Promise<Answer> {
    try {
      return await work(this.#judge ?? (await this.#open()))
    } catch (error) {
      if (error instanceof TallyRefusedError) await this.#stop(error)
      throw error
    }
  }

  async #stop({ stop }: TallyRefusedError): Promise<void> {
    const { store, now } = this.#ports
    const { tallyId } = this.#tally
    const at = now()
    const record = this.#record('alarm', { event: 'tally.sync_stopped', reason: stop })
    await store.transact(function* () {
      yield* tallySyncRecords.setStop(tallyId, stop, at)
      yield* appendAudit(record)
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
