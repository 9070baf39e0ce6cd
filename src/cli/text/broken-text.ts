import { CommandFailure } from '../errors/errors.ts'

/** The failure of a page that shows records which are not as they were written; undefined if all are. */
export function brokenPage(
  broken: readonly number[],
  document: object,
): CommandFailure | undefined {
  const [first] = broken
  if (first === undefined) return undefined
  const more = broken.length > 1 ? `, and ${broken.length - 1} more are not either` : ''
  const detail = `record ${first} of the audit is not as it was written${more}`
  return new CommandFailure('audit_broken', { detail, document })
}
