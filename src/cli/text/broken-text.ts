import { CommandFailure } from '../errors/errors.ts'

/** The failure of a page that shows records which do not fit those beside them; undefined if all do. */
export function brokenPage(
  broken: readonly number[],
  document: object,
): CommandFailure | undefined {
  const [first] = broken
  if (first === undefined) return undefined
  const more = broken.length > 1 ? `, nor do ${broken.length - 1} more` : ''
  const detail = `record ${first} of the audit does not fit those beside it${more}`
  return new CommandFailure('audit_broken', { detail, document })
}
