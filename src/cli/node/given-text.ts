import { readBounded } from '../input/read-bounded.ts'

/** Bytes of a certificate, with what a mail or an editor adds. */
const MAX_BYTES = 4_096

/** A certificate as it was given: itself, or `-` for standard input. @throws UsageError */
export async function givenText(given: string, stdin: AsyncIterable<unknown>): Promise<string> {
  if (given !== '-') return given
  return Buffer.from(await readBounded(stdin, 'standard input', MAX_BYTES)).toString('utf8')
}
