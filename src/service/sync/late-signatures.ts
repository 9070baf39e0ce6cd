import { type ChangeSignature, isChangeSigned } from '../../protocol/sync/change-signature.ts'
import { appendAudit } from '../../store/query/query.ts'
import { tallySignatureRecords } from '../../store/sync/tally-signature-records.ts'
import { tallySyncRecords } from '../../store/sync/tally-sync-records.ts'
import { namedSignatures } from '../tallies/audited-signatures.ts'
import type { TallyRecord } from '../tallies/read-tally.ts'
import { signOwnChanges, type UnsignedChange } from '../tallies/sign-own-changes.ts'
import type { SyncPorts } from './replica-ports.ts'

/**
 * Signatures under changes of the time before changes were signed, which both sides have. Where there are none such, it
 * does nothing.
 */
export class LateSignatures {
  readonly #ports: Pick<SyncPorts, 'store' | 'now' | 'signer'>
  readonly #tally: TallyRecord
  /** Those that are not signed here; undefined until that is looked up. */
  #unsigned: Map<string, UnsignedChange> | undefined
  #hasAsked = false
  #owed: readonly ChangeSignature[] | undefined

  constructor(ports: Pick<SyncPorts, 'store' | 'now' | 'signer'>, tally: TallyRecord) {
    this.#ports = ports
    this.#tally = tally
  }

  /** Signs this side's, and tells, once, whether some of the partner's are not signed here. */
  async isWanted(): Promise<boolean> {
    if (this.#hasAsked) return false
    this.#hasAsked = true
    return (await this.#lookUp()).size > 0
  }

  /** The partner wants the signatures of all changes. */
  async owe(): Promise<void> {
    await this.#lookUp()
    const { tallyId } = this.#tally
    this.#owed = await this.#ports.store.query(() => tallySignatureRecords.all(tallyId))
  }

  /** All that is signed, if the partner wants it and has not got it yet. */
  owed(): readonly ChangeSignature[] | undefined {
    const owed = this.#owed
    this.#owed = undefined
    return owed
  }

  /** Keeps those of the signatures that were missing here, and are good. */
  async take(signatures: readonly ChangeSignature[]): Promise<void> {
    const unsigned = this.#unsigned
    if (unsigned === undefined || unsigned.size === 0) return
    const { tallyId, redemptionId } = this.#tally
    const good = signatures.filter(({ change, signature }) => {
      const missing = unsigned.get(change)
      return missing !== undefined && isChangeSigned({ ...missing, tallyId }, signature)
    })
    if (good.length === 0) return
    const times = { at: this.#ports.now(), monotonic: performance.now() }
    for (const { change } of good) unsigned.delete(change)
    const isAll = unsigned.size === 0
    await this.#ports.store.transact(function* () {
      yield* tallySignatureRecords.add(tallyId, good)
      if (isAll) yield* tallySyncRecords.noteAllSigned(tallyId)
      for (const names of namedSignatures(good)) {
        const data = { event: 'tally.changes_signed', tallyId, ...names }
        yield* appendAudit({ type: 'database', severity: 'info', redemptionId, ...times, data })
      }
    })
  }

  async #lookUp(): Promise<Map<string, UnsignedChange>> {
    const { store, now, signer } = this.#ports
    const { tallyId } = this.#tally
    if (this.#unsigned !== undefined) return this.#unsigned
    const { isUnsigned } = await store.query(() => tallySyncRecords.find(tallyId))
    const times = { at: now(), monotonic: performance.now() }
    const left = isUnsigned
      ? await store.transact(() => signOwnChanges(this.#tally, signer, times))
      : []
    this.#unsigned = new Map(left.map((each) => [each.change, each]))
    return this.#unsigned
  }
}
