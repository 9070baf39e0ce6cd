import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { signatureText } from '../../protocol/receipt/receipt-signature.ts'
import type { ChangeSignature } from '../../protocol/sync/change-signature.ts'
import { blob, type Row } from '../row/row.ts'

/** The signatures under changes of tallies' documents, one for each change. */
export class TallySignatures {
  readonly #add: StatementSync
  readonly #find: StatementSync
  readonly #all: StatementSync

  constructor(database: DatabaseSync) {
    this.#add = database.prepare(
      'INSERT INTO tally_signatures (tally_id, change, signature) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
    )
    this.#find = database.prepare(
      'SELECT change, signature FROM tally_signatures WHERE tally_id = ? AND change = ?',
    )
    this.#all = database.prepare(
      'SELECT change, signature FROM tally_signatures WHERE tally_id = ? ORDER BY change',
    )
  }

  /** Keeps signatures that were found good. The first of a change stays. */
  add(tallyId: string, signatures: readonly ChangeSignature[]): void {
    for (const { change, signature } of signatures) {
      this.#add.run(tallyId, Buffer.from(change, 'hex'), Buffer.from(signature, 'base64url'))
    }
  }

  /** Returns the signatures of those of the changes that have one, in their order. */
  of(tallyId: string, changes: readonly string[]): readonly ChangeSignature[] {
    return changes.flatMap((change) => this.find(tallyId, change) ?? [])
  }

  find(tallyId: string, change: string): ChangeSignature | undefined {
    const row = this.#find.get(tallyId, Buffer.from(change, 'hex'))
    return row === undefined ? undefined : toSignature(row)
  }

  /** Lists all of a tally, by the hash of their changes. */
  all(tallyId: string): readonly ChangeSignature[] {
    return this.#all.all(tallyId).map(toSignature)
  }
}

function toSignature(row: Row): ChangeSignature {
  return {
    change: Buffer.from(blob(row, 'change')).toString('hex'),
    signature: signatureText(blob(row, 'signature')),
  }
}
