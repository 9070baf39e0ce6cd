import type { Role } from '../../protocol/base/role.ts'
import { parseDraft } from '../../protocol/draft/draft.ts'
import { type ChangeSignature, isChangeSigned } from '../../protocol/sync/change-signature.ts'
import { authorOf, partiesOf, type TallyParties } from '../change-author.ts'
import { TallyRefusedError } from '../errors.ts'

/** Facts about a change that its signature is held against. */
export interface NewChange {
  readonly hash: string
  readonly actor: string
}

/** A change, and what its signature is worth. */
export interface JudgedChange {
  readonly change: string
  /** The party in whose name it is; undefined if it is neither. */
  readonly author: Role | undefined
  /** `nobodys`: it is in no party's name, and can't be signed. */
  readonly verdict: 'good' | 'bad' | 'missing' | 'nobodys'
}

/** Changes that make a document of the tally. */
export interface CheckedChanges {
  readonly changes: readonly JudgedChange[]
  /** Hashes of the changes as they were given, in that order; empty for what is not one change. */
  readonly given: readonly string[]
  /** The document with them, saved. */
  readonly bytes: Uint8Array
  readonly heads: readonly string[]
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
    return changes.map((each) => {
      const { change, author, verdict } = this.judge(each, given)
      const signature = given.get(change)
      if (verdict === 'good' && signature !== undefined) return { change, signature }
      throw new TallyRefusedError(author === this.#role ? 'forged' : 'unsigned')
    })
  }

  /** @param given base64url, by the change's hash */
  judge({ hash, actor }: NewChange, given: ReadonlyMap<string, string>): JudgedChange {
    const author = authorOf(actor, this.#parties)
    return { change: hash, author, verdict: this.#verdict(author, hash, given.get(hash)) }
  }

  #verdict(
    author: Role | undefined,
    change: string,
    signature: string | undefined,
  ): JudgedChange['verdict'] {
    if (author === undefined) return 'nobodys'
    if (signature === undefined) return 'missing'
    const statement = { tallyId: this.#tallyId, party: this.#parties[author], change }
    return isChangeSigned(statement, signature) ? 'good' : 'bad'
  }
}
