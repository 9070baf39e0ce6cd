import { signatureText } from '../../protocol/receipt/receipt-signature.ts'
import type { ChangeSignature } from '../../protocol/sync/change-signature.ts'
import { change, type Query, selectAll } from '../query/query.ts'
import { selectAmong } from '../query/value-lists.ts'
import { blob, type Row } from '../row/row.ts'

const ADD = `
  INSERT INTO tally_signatures (tally_id, change, signature) VALUES (?1, ?2, ?3)
  ON CONFLICT DO NOTHING`

const OF_TALLY = 'SELECT change, signature FROM tally_signatures WHERE tally_id = ?1'

/** The signatures under changes of tallies' documents, one for each change. */
export const tallySignatureRecords = {
  /** Keeps signatures that were found good. The first of a change stays. */
  *add(tallyId: string, signatures: readonly ChangeSignature[]): Query<void> {
    for (const { change: hash, signature } of signatures) {
      yield* change(ADD, tallyId, bytesOf(hash), Buffer.from(signature, 'base64url'))
    }
  },

  /** Returns the signatures of those of the changes that have one, in their order. */
  *of(tallyId: string, changes: readonly string[]): Query<readonly ChangeSignature[]> {
    const sqlOf = (list: string) => `${OF_TALLY} AND change IN ${list}`
    const rows = yield* selectAmong(sqlOf, changes.map(bytesOf), tallyId)
    const found = new Map(rows.map(toSignature).map((each) => [each.change, each]))
    return changes.flatMap((hash) => found.get(hash) ?? [])
  },

  /** Lists all of a tally, by the hash of their changes. */
  *all(tallyId: string): Query<readonly ChangeSignature[]> {
    return (yield* selectAll(`${OF_TALLY} ORDER BY change`, tallyId)).map(toSignature)
  },
}

function bytesOf(change: string): Uint8Array {
  return Buffer.from(change, 'hex')
}

function toSignature(row: Row): ChangeSignature {
  return {
    change: Buffer.from(blob(row, 'change')).toString('hex'),
    signature: signatureText(blob(row, 'signature')),
  }
}
