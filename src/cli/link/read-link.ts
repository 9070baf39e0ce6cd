import { UsageError } from '../errors/errors.ts'
import { readBounded, readFileBounded } from '../input/read-bounded.ts'

/** A link has at most 2,048 characters; this leaves room for a mail around it. */
const MAX_TEXT_BYTES = 64 * 1024

export interface LinkSources {
  /** The argument; `-` is standard input. */
  readonly argument?: string | undefined
  readonly linkFile?: string | undefined
  readonly qrImage?: string | undefined
}

/**
 * Reads the text of the link from where the command line says; exactly one source must be named. The text
 * is not decoded, only trimmed.
 * @throws UsageError, QrImageError
 */
export async function readLink(
  { argument, linkFile, qrImage }: LinkSources,
  stdin: AsyncIterable<unknown>,
): Promise<string> {
  const named = [argument, linkFile, qrImage].filter((source) => source !== undefined)
  if (named.length !== 1) {
    throw new UsageError(
      'give the link once: as an argument, as - for standard input, or with --link-file or --qr-image',
    )
  }
  if (qrImage !== undefined) {
    const { readQrImage } = await import('../qr/qr-image.ts')
    return readQrImage(qrImage)
  }
  if (linkFile !== undefined)
    return textOf(await readFileBounded(linkFile, MAX_TEXT_BYTES), linkFile)
  if (argument !== '-') return argument?.trim() ?? ''
  return textOf(await readBounded(stdin, 'standard input', MAX_TEXT_BYTES), 'standard input')
}

function textOf(bytes: Uint8Array, source: string): string {
  const text = new TextDecoder().decode(bytes).trim()
  if (text === '') throw new UsageError(`${source} is empty`)
  return text
}
