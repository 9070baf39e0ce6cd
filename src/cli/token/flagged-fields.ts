import type { Output } from '../output/output.ts'
import type { GrantOptions } from './grant-options.ts'

/**
 * Asks about fields that were typed and are not usual. Loads what it takes only if there are any.
 * @param mayAsk on a terminal; else they are only warned of
 * @throws UsageError if one is not meant; CommandFailure `interrupted` on ^C
 */
export async function confirmFlaggedFields(
  { required = [], optional = [] }: Pick<GrantOptions, 'required' | 'optional'>,
  mayAsk: boolean,
  output: Output,
): Promise<void> {
  if (required.length + optional.length === 0) return
  const { confirmFields } = await import('./usual-fields.ts')
  const streams = { input: process.stdin, output: process.stderr }
  const warn = (text: string): void => output.warn(text)
  const doubts = mayAsk ? { streams, warn } : { warn }
  await confirmFields('--require', required, doubts)
  await confirmFields('--optional', optional, doubts)
}
