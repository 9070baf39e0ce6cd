import type { TallyFault } from '../../service/tallies/checked-tallies.ts'
import { CommandFailure } from '../errors/errors.ts'
import { shortId } from '../text/short-id.ts'

/** The words that follow "it does not verify:". */
const WORDS: Readonly<Record<TallyFault, string>> = {
  draft_hash: 'the draft is not the one that was agreed on',
  draft_malformed: 'the draft is none',
  draft_facts: 'the draft is of another tally, time or role',
  partner: 'the draft is between other parties, or of other disclosures',
  inviter_signature: 'the inviter did not sign this',
  invitee_signature: 'the invitee did not sign this',
  status: 'its status is not what the redemption came to',
  document: 'its document holds another draft',
  document_unreadable: 'its document is damaged',
  audit: 'the audit names another draft',
  database: 'the audit names another database',
  receipt_missing: 'the partner has signed it, and the signature is gone',
  changes_missing: 'the audit names changes of its document that are gone, or are others',
  change_signature: 'a change of its document is not signed by who it says made it',
  missing: 'it was stored, and it is not there any more',
}

export function tallyFaultText(faults: readonly TallyFault[]): string {
  return faults.map((fault) => WORDS[fault]).join('; ')
}

interface Broken {
  readonly tallyId: string
  readonly faults: readonly TallyFault[]
}

/** The lines below a list of tallies, about those that do not verify. */
export function brokenLines(broken: readonly Broken[]): readonly string[] {
  return broken.map(({ tallyId, faults }) => {
    return `${shortId(tallyId, true)} does not verify: ${tallyFaultText(faults)}.`
  })
}

/**
 * Fails for tallies that do not verify, of which there is at least one.
 * @param count how many there are, named or not
 * @param document printed beside the error
 */
export function tallyBroken(
  [first]: readonly Broken[],
  count: number,
  document?: object,
): CommandFailure {
  const which = first === undefined ? '' : `tally ${first.tallyId} does not verify: `
  const words = first === undefined ? 'a tally does not verify' : tallyFaultText(first.faults)
  const more = count > 1 ? `; ${count - 1} more do not either` : ''
  const detail = `${which}${words}${more}`
  return new CommandFailure(
    'tally_broken',
    document === undefined ? { detail } : { detail, document },
  )
}
