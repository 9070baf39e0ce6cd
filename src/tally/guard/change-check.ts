import type { Role } from '../../protocol/base/role.ts'
import { parseDraft } from '../../protocol/draft/draft.ts'
import { type ChangeSignature, isChangeSigned } from '../../protocol/sync/change-signature.ts'
import { authorOf, partiesOf, type TallyParties } from '../change-author.ts'
import { TallyRefusedError } from '../errors.ts'

/** Facts about a change that its signature is held against. */
interface NewChange {
  readonly hash: string
  readonly actor: string
}

/** Holds changes against the signatures of those in whose name they are. */
export class ChangeCheck {
  readonly #tallyId: string
  readonly #role: Role
  readonly #parties: TallyParties

  /** @throws DraftMalformedError */
  constructor(tally: { tallyId: string; draftText: string; role: Role }) {
    this.#tallyId = tally.tallyId
    this.#role = tally.role
    this.#parties = partiesOf(parseDraft(tally.draftText))
  }

  /**
   * Finds the signature of each change.
   * @param given base64url, by the change's hash
   * @throws TallyRefusedError `forged`, `unsigned`
   */
  signed(
    changes: readonly NewChange[],
    given: ReadonlyMap<string, string>,
  ): readonly ChangeSignature[] {
    return changes.map(({ hash, actor }) => {
      const author = authorOf(actor, this.#parties)
      const signature = given.get(hash)
      const isSigned =
        author !== undefined &&
        signature !== undefined &&
        isChangeSigned(this.#statement(author, hash), signature)
      if (isSigned) return { change: hash, signature }
      throw new TallyRefusedError(author === this.#role ? 'forged' : 'unsigned')
    })
  }

  #statement(author: Role, change: string) {
    return { tallyId: this.#tallyId, party: this.#parties[author], change }
  }
}
