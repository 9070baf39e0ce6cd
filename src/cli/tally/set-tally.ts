import { hintSync } from '../../service/control/hint-sync.ts'
import { readGivenJson } from '../../service/given/given-json.ts'
import { currentOperator } from '../../service/record/operator.ts'
import { changeSigner } from '../../service/tallies/change-signer.ts'
import { editTally } from '../../service/tallies/edit-tally.ts'
import { editServerTally } from '../../service/tallies/server-tally.ts'
import { livesInPostgres } from '../../service/tallies/tally-access.ts'
import { withContext } from '../context.ts'
import { UsageError } from '../errors/errors.ts'
import type { Locations } from '../locations.ts'
import { mustBeCompared } from '../words/must-be-compared.ts'
import { findTally } from './find-tally.ts'
import { withServerDocument } from './server-document.ts'
import { mustVerifyTally, type TallyShown, tallyShown } from './show-tally.ts'

type Edit = Pick<Parameters<typeof editTally>[2], 'key' | 'value'>

const PAIR = /^(?<key>[^=:]+)(?<how>:?=)(?<value>.*)$/s
/** Keys and values are small; the document is no place for files. */
const MAX_KEY = 64
const MAX_VALUE = 4_096

/**
 * Reads `key=text` or `key:=json`.
 * @throws UsageError
 */
export function parsePair(text: string): Edit {
  const { key = '', how, value = '' } = PAIR.exec(text)?.groups ?? {}
  const name = key.trim()
  if (name === '') throw new UsageError('write key=text, or key:=json for anything but text')
  if (name.length > MAX_KEY || value.length > MAX_VALUE) {
    throw new UsageError(`a key has at most ${MAX_KEY} characters, a value ${MAX_VALUE}`)
  }
  return { key: name, value: how === ':=' ? parseValue(value) : value }
}

/** The tally with its new document, and whether the running listener seeks the partner for it now. */
export interface TallySet {
  readonly tally: TallyShown
  readonly isSought: boolean
}

/**
 * Sets one key of the document; durable when this resolves. Nothing is set in a tally that does not verify.
 * @throws UsageError, CommandFailure `tally_broken`, `not_compared`, `not_found`, `ambiguous_id`, DraftOverwrittenError, TallyValueError, StoreError;
 *   of a tally on a server DatabaseUnreachableError, DatabaseSetupError
 */
export async function setTally(
  locations: Locations,
  id: string,
  pair: string,
  reason?: string,
): Promise<TallySet> {
  const edit = parsePair(pair)
  return await withContext(locations, async (context) => {
    const store = await context.store()
    const tally = await findTally(store, id)
    const peerId = await context.peerId()
    mustVerifyTally(await tallyShown(store, tally, peerId))
    await mustBeCompared(context, tally)
    const operator = currentOperator(reason)
    if (livesInPostgres(tally)) {
      await editServerTally(store, tally, edit, operator)
      const own = await tallyShown(store, tally, peerId)
      const shown = await withServerDocument(store, tally, own)
      return { tally: shown, isSought: false }
    }
    const signer = changeSigner(await context.partyKey())
    await editTally(store, tally, { ...edit, at: Date.now() }, signer, operator)
    const isSought = context.isServed() && (await hintSync(context.directory, tally.tallyId))
    return { tally: await tallyShown(store, tally, peerId), isSought }
  })
}

function parseValue(text: string): Edit['value'] {
  const given = readGivenJson(text)
  if ('value' in given) return given.value
  throw new UsageError(`what stands behind := ${given.problem}`)
}
