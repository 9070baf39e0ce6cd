import type { Role } from '../protocol/base/role.ts'
import { signatureText } from '../protocol/receipt/receipt-signature.ts'
import { type ChangeSignature, changeBytes } from '../protocol/sync/change-signature.ts'
import { actorPrefix } from './document-actor.ts'

/** The two parties of a tally, by peer id. */
export type TallyParties = Readonly<Record<Role, string>>

/** Tells the parties of a draft. */
export function partiesOf({
  stock,
  foil,
}: Readonly<Record<Role, { partyId: string }>>): TallyParties {
  return { stock: stock.partyId, foil: foil.partyId }
}

/** A party's key, to sign its own changes with. */
export interface ChangeSigner {
  readonly peerId: string
  /** Ed25519, 64 bytes. */
  sign(bytes: Uint8Array): Uint8Array
}

/** Returns the half of the party that a change's actor claims; undefined if it is of neither. */
export function authorOf(actor: string, parties: TallyParties): Role | undefined {
  const isOf = (role: Role) => actor.startsWith(actorPrefix(parties[role]))
  return (['stock', 'foil'] as const).find(isOf)
}

/** Signs a change that this party has made. @param change its hash */
export function signChange(
  { peerId, sign }: ChangeSigner,
  tallyId: string,
  change: string,
): ChangeSignature {
  const bytes = changeBytes({ tallyId, party: peerId, change })
  return { change, signature: signatureText(sign(bytes)) }
}
