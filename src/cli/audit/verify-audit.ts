import { NO_TRAIL, verifyAll, type WholeVerdict } from '../../service/trail/verify-all.ts'
import type { TrailProblem, TrailVerdict } from '../../service/trail/verify-trail.ts'
import { isParty, withContext } from '../context.ts'
import { CommandFailure } from '../errors/errors.ts'
import { mailedNote } from '../input/mailed-text.ts'
import { readFileBounded } from '../input/read-bounded.ts'
import type { Locations } from '../locations.ts'
import type { Output } from '../output/output.ts'
import { tallyBroken } from '../tally/tally-fault-text.ts'
import { line, lines, type ScreenText } from '../text/screen-text.ts'

/** A signed note has at most 16 signatures; beyond this it is something else. */
const MAX_CHECKPOINT_BYTES = 131_072

export type { WholeVerdict }

const PROBLEMS: Readonly<Record<TrailProblem, string>> = {
  missing: 'missing',
  repeated: 'not the one that follows, but an earlier one',
  unreadable: 'not readable',
  renumbered: 'not the one that its number says',
  hash_mismatch: 'not as it was written',
  hidden: 'hidden: an index does not lead to it',
  rewritten: 'not the one that a checkpoint was signed over',
  foreign_key: 'vouched for by what this node never signed',
  tree_mismatch: 'not the one that the stored tree has',
}

/**
 * Walks the whole trail, and all tallies, and checks that they fit together. Where there is no party there is no record
 * that could be wrong, which is warned of, unless a checkpoint says that there were some.
 * @param against files with checkpoints that were kept elsewhere
 * @throws CommandFailure `audit_broken` or `tally_broken`, with the verdict; NoPartyError, NoteInvalidError, UsageError, StoreError, StoreDamagedError
 */
export async function verifyAudit(
  locations: Locations,
  against: readonly string[],
  { warn }: Pick<Output, 'warn'>,
): Promise<WholeVerdict> {
  const files = against.map((path) => readFileBounded(path, MAX_CHECKPOINT_BYTES))
  const notes = (await Promise.all(files)).map(mailedNote)
  if (notes.length === 0 && !isParty(locations)) {
    warn(`There is no party in ${locations.dataDirectory}: nothing was verified.`)
    return NO_TRAIL
  }
  return await withContext(locations, async (context) => {
    const keyId = await context.keyId()
    const verdict = await verifyAll(await context.store(), await context.peerId(), { notes, keyId })
    if (verdict.ok) return verdict
    const { broken, first } = verdict.tallies
    if (verdict.firstBad === undefined) throw tallyBroken(first, broken, verdict)
    throw new CommandFailure('audit_broken', {
      detail: `the audit trail does not verify: ${faultText(verdict)}; ${verdict.records} before it fit together`,
      document: verdict,
    })
  })
}

export function verdictText(verdict: WholeVerdict): ScreenText {
  const { records, head, removedUpTo, tallies } = verdict
  if (verdict === NO_TRAIL) return line('No record is there.')
  const range = removedUpTo === 0 ? 'the first' : `record ${removedUpTo + 1}`
  const removed =
    removedUpTo === 0 ? [] : [`Records 1 to ${removedUpTo} were removed; a signed stub says so.`]
  return lines([
    `${records} records fit together, from ${range} to the last.`,
    ...removed,
    ...(tallies.checked === 0 ? [] : [talliesText(tallies)]),
    `Head: ${head.seq} ${head.hash}`,
    ...proofText(verdict),
  ])
}

function talliesText({ checked }: WholeVerdict['tallies']): string {
  const which = checked === 1 ? '1 tally fits' : `${checked} tallies fit`
  return `${which} the drafts, parties and signatures kept with them, and the audit.`
}

/** Says which records are proved and which are not; never that all is well. */
function proofText({ head, provenUpTo, signedUpTo }: TrailVerdict): readonly string[] {
  const proof: string[] = []
  if (signedUpTo !== null) {
    proof.push(
      `Signed by this node up to record ${signedUpTo}: good against all but who has its key and its store.`,
    )
  }
  if (provenUpTo === null) {
    proof.push(
      'No outside checkpoint was given: that the end was not cut off, or all of it rewritten, is unproven.',
    )
  } else if (provenUpTo < head.seq) {
    proof.push(
      `Proven by an outside checkpoint up to record ${provenUpTo}. Unproven: the ${head.seq - provenUpTo} after it, and that none were cut off behind them.`,
    )
  } else {
    proof.push(
      `Proven by an outside checkpoint up to record ${provenUpTo}, the last one. Unproven: that none were cut off behind it.`,
    )
  }
  return proof
}

function faultText({ firstBad, records }: TrailVerdict): string {
  if (firstBad === undefined) return `record ${records + 1} is wrong`
  const { seq, upTo, problem } = firstBad
  if (upTo === undefined || upTo === seq) return `record ${seq} is ${PROBLEMS[problem]}`
  const which =
    problem === 'missing' ? `records ${seq} to ${upTo} are` : `one of records ${seq} to ${upTo} is`
  return `${which} ${PROBLEMS[problem]}`
}
