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
  closed(): Promise<void>
}

/** One tally's document in the store, beside a thread that judges what the partner sends. */
export class StoredReplica implements SyncedReplica {
  readonly #ports: Pick<SyncPorts, 'store' | 'now'>
  readonly #late: LateSignatures
  readonly #tally: TallyRecord
  readonly #listener: ReplicaListener
  readonly #guard: JudgedDocument
  /** The stored parts, as the thread has them. */
  #known: readonly Uint8Array[]

  constructor(ports: SyncPorts, tally: TallyRecord, guard: Guard, listener: ReplicaListener) {
    this.#ports = ports
    this.#tally = tally
    this.#listener = listener
    const { tallyId, built } = tally
    this.#late = new LateSignatures(ports, tally)
    this.#known = ports.store.read(({ tallies }) => tallies.chunks(tallyId))
    this.#guard = guard.guard({
      tallyId,
      draftText: built.draft.text,
      role: tally.role,
      chunks: this.#known,
    })
  }

  async generate(): Promise<SyncTurn | undefined> {
    const said = await this.#stopping(() => this.#guard.generate())
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
        : await this.#stopping(() => this.#guard.receive(message, signatures))
    if (taken !== undefined) {
      await this.#ports.store.write((repositories) => this.#keep(repositories, taken))
      this.#listener.taken(taken.changes)
    }
    await this.#late.take(signatures)
  }

  async close(): Promise<void> {
    await this.#listener.closed()
  }

  #signaturesOf(changes: readonly string[]): readonly ChangeSignature[] {
    const { tallyId } = this.#tally
    return this.#ports.store.read(({ tallySignatures }) => tallySignatures.of(tallyId, changes))
  }

  #keep({ tallies, tallySignatures, tallySyncs, audit }: Repositories, taken: TakenChanges): void {
    const { tallyId, built } = this.#tally
    const isAsKnown = isSame(tallies.chunks(tallyId), this.#known)
    addToReplica(tallyChunks(tallies), tallyId, built.draft.text, taken.chunk)
    tallySignatures.add(tallyId, taken.signatures)
    // Somebody else here has changed it meanwhile: then the heads are looked up when they are asked for.
    if (isAsKnown) tallySyncs.setHeads(tallyId, taken.heads)
    this.#known = tallies.chunks(tallyId)
    const { changes, heads, signatures } = taken
    const [first, ...more] = namedSignatures(signatures)
    const event = 'tally.changes_taken'
    audit.append(this.#record('info', { event, changes, heads: [...heads], ...first }))
    for (const names of more) {
      audit.append(this.#record('info', { event: 'tally.changes_signed', ...names }))
    }
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
