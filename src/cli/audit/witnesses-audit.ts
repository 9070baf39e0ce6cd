import { currentOperator } from '../../service/record/operator.ts'
import {
  alarmedParties,
  countWitnessed,
  forgetParty,
  type WitnessedParty,
  witnessedParties,
  witnessedPartiesLike,
} from '../../service/witness/witnessed-parties.ts'
import { type Context, withContext } from '../context.ts'
import { CommandFailure, UsageError } from '../errors/errors.ts'
import { resolveId } from '../input/resolve-id.ts'
import type { Locations } from '../locations.ts'
import { type WitnessDocument, witnessDocument } from './witness-document.ts'

export interface WitnessOptions {
  /** A partner's peer id, or a part of it. */
  readonly peer?: string | undefined
  readonly limit: number
  /** Keep nothing of this partner any more. */
  readonly forget: boolean
  readonly reason?: string | undefined
  /** The checkpoint itself is wanted. */
  readonly note: boolean
}

/** The answer of `audit witnesses --json`; printed beside the error, too, if an alarm stands. */
export interface WitnessesDocument {
  readonly witnesses: readonly WitnessDocument[]
  /** How many are listed, and how many there are; of one that was asked about, 1. */
  readonly shown: number
  readonly total: number
  /** Partners that an alarm stands for, listed or not. */
  readonly alarms: number
  /** True if their checkpoints were forgotten. */
  readonly forgotten: boolean
}

/**
 * Lists what partners showed of their audits, or forgets one.
 * @throws CommandFailure `not_found`, `ambiguous_id`; UsageError, StoreError, StoreDamagedError
 */
export async function witnessesAudit(
  locations: Locations,
  { peer, limit, forget, note, reason }: WitnessOptions,
): Promise<WitnessesDocument> {
  if (peer === undefined && (note || forget)) throw new UsageError('name the partner')
  return await withContext(locations, async (context) => {
    const store = await context.store()
    if (peer === undefined) {
      const witnesses = (await witnessedParties(store, limit)).map(witnessDocument)
      const counts = { shown: witnesses.length, total: await countWitnessed(store) }
      return { witnesses, ...counts, alarms: await alarmedParties(store), forgotten: false }
    }
    const party = await findParty(store, peer)
    if (forget) await forgetParty(store, party, currentOperator(reason))
    const alarms = !forget && party.contradictions.length > 0 ? 1 : 0
    const witnesses = [witnessDocument(party)]
    return { witnesses, shown: 1, total: 1, alarms, forgotten: forget }
  })
}

/** @throws CommandFailure `partner_alarm`, with the document, if a partner's audit contradicts what it showed before */
export function mustBeConsistent(document: WitnessesDocument): void {
  mustBeSigned(document)
  const { witnesses, alarms } = document
  if (alarms === 0) return
  const [only] = witnesses.filter(({ contradictions }) => contradictions.length > 0)
  const detail =
    alarms === 1 && only !== undefined
      ? `the audit of ${only.peerId} contradicts what it showed before`
      : `the audits of ${alarms} partners contradict what they showed before`
  throw new CommandFailure('partner_alarm', { detail, document })
}

/** @throws CommandFailure `witness_changed`, with the document, if a checkpoint is not what its partner signed */
export function mustBeSigned(document: WitnessesDocument): void {
  const changed = document.witnesses.find(({ verified }) => !verified)
  if (changed === undefined || document.forgotten) return
  const detail = `the checkpoint that is kept of ${changed.peerId} is not what that partner signed`
  throw new CommandFailure('witness_changed', { detail, document })
}

/** The checkpoint of the partner that was asked about. */
export function noteOf({ witnesses }: WitnessesDocument): string {
  return witnesses.map(({ note }) => note).join('')
}

function findParty(
  store: Awaited<ReturnType<Context['store']>>,
  typed: string,
): Promise<WitnessedParty> {
  return resolveId(typed, {
    what: 'partner who showed a checkpoint',
    startingWith: (part) => witnessedPartiesLike(store, part),
    idOf: ({ peerId }) => peerId,
  })
}
