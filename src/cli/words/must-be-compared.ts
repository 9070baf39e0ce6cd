import type { TallyRecord } from '../../service/tallies/read-tally.ts'
import type { Context } from '../context.ts'
import { CommandFailure } from '../errors/errors.ts'

/** True if the settings have this tally refused as long as its words were not compared. @throws SettingsFileError */
export async function isRefusedUncompared(
  context: Context,
  { comparedAt }: TallyRecord,
): Promise<boolean> {
  if (comparedAt !== undefined) return false
  return (await context.settings()).effective('compare').value === 'required'
}

/** @throws CommandFailure `not_compared`; SettingsFileError */
export async function mustBeCompared(context: Context, tally: TallyRecord): Promise<void> {
  if (!(await isRefusedUncompared(context, tally))) return
  const { tallyId } = tally
  throw new CommandFailure('not_compared', {
    detail: `tally ${tallyId}`,
    advice: `Compare them with your partner: taleus tally compare ${tallyId.slice(0, 8)}`,
  })
}
