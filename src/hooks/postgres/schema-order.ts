import type { Role } from '../../protocol/base/role.ts'
import type { DraftText } from '../../protocol/message/messages.ts'
import type { TallyNames } from './tally-names.ts'

/** A tally's schema, as it is to be. */
export interface SchemaOrder {
  readonly tallyId: string
  readonly names: TallyNames
  readonly createdBy: Role
  /** The parties' peer ids. */
  readonly parties: { readonly stock: string; readonly foil: string }
  readonly draft: DraftText
  /** The fence of the reservation for which it is built; a later one is higher. */
  readonly fence: number
  /** The passwords, as the server keeps them. */
  readonly verifiers: { readonly stock: string; readonly foil: string }
}
