import type { CheckpointMessage } from '../../../src/protocol/message/messages.ts'
import { takeCheckpoint } from '../../../src/service/trail/take-checkpoint.ts'
import { StoreWitness } from '../../../src/service/witness/store-witness.ts'
import { answered } from '../../../src/session/ports/written.ts'
import { openMemoryStore, type Store } from '../../../src/store/transaction/store.ts'
import { signerOf } from '../audit/signer.ts'

/** One party with its audit: what a record says decides its hash, so two logs can begin alike. */
export class TestParty {
  readonly signer: ReturnType<typeof signerOf>
  readonly store: Store = openMemoryStore()
  readonly witness: StoreWitness
  #sessions = 0

  constructor(number: number) {
    this.signer = signerOf(number)
    this.witness = new StoreWitness(this.store)
  }

  get peerId(): string {
    return this.signer.peerId
  }

  get size(): number {
    return this.store.repositories.audit.lastSeq()
  }

  /** Records that say this. */
  async append(...words: readonly string[]): Promise<void> {
    await this.store.write(({ audit }) => {
      for (const word of words) {
        const data = { event: word }
        audit.append({ type: 'lifecycle', severity: 'info', at: 1, monotonic: 1, data })
      }
    })
  }

  /** @returns the note; it is on the disk, and this party's witness knows that */
  async sign(): Promise<string> {
    const { note } = await takeCheckpoint(this.store, this.signer)
    await this.witness.prepare()
    return note
  }

  /** As on one stream: this party tells the other what it knows, the other shows, this one judges. */
  async meet(
    other: TestParty,
    change: (shown: CheckpointMessage) => CheckpointMessage = (shown) => shown,
  ): Promise<string | undefined> {
    const announced = await this.witness.sizesOf(other.peerId)
    const own = await other.witness.own(announced)
    if (own === undefined) throw new Error('nothing to show')
    return await this.hear(other, change({ type: 'Checkpoint', ...own }), announced)
  }

  /** @returns the alarm, if it is a new one */
  async hear(
    other: TestParty,
    checkpoint: CheckpointMessage,
    announced: readonly number[],
    at = 1_000,
  ): Promise<string | undefined> {
    this.#sessions += 1
    const sessionId = `session-${this.#sessions}`
    const shown = { peerId: other.peerId, sessionId, checkpoint, announced, at, monotonic: at }
    const answer = await answered(this.store, 'keepCheckpoint', { op: 'keepCheckpoint', shown })
    return answer.alarm
  }

  /** What is kept of the other. */
  kept(other: TestParty) {
    return this.store.repositories.witnessed.ofPeer(other.peerId)
  }

  /** Names of the security records, the oldest first. */
  get alarms(): readonly string[] {
    return [...this.store.repositories.audit.rows()].flatMap(({ text }) => {
      const { type, data } = JSON.parse(text)
      return type === 'security' ? [String(data.event)] : []
    })
  }
}

/** Words for so many records. */
export function words(count: number, from = 0, log = 'honest'): readonly string[] {
  return Array.from({ length: count }, (_, n) => `${log} ${from + n}`)
}
