import { UsageError } from '../errors/errors.ts'
import { type AskStreams, canAsk } from '../input/ask.ts'
import { readBounded, readFileBounded } from '../input/read-bounded.ts'
import { meantPath } from '../paths/meant-path.ts'
import type { ScanOptions } from '../scan/scan-link.ts'

/** A link has at most 2,048 characters; this leaves room for a mail around it. */
const MAX_TEXT_BYTES = 64 * 1024

/** The end of the name of a file that holds an older link; no link of any kind ends so. */
const OLDER_LINK = '.json'

export interface LinkSources {
  /** The argument; `-` is standard input, and a name that ends in `.json` a file. */
  readonly argument?: string | undefined
  readonly linkFile?: string | undefined
  readonly qrImage?: string | undefined
  /** A page in the browser reads it. */
  readonly scan?: ScanOptions | undefined
}

/**
 * Reads the text of the link from where the command line says; where it says nothing, a person on a terminal is asked.
 * The text is not decoded, only trimmed.
 * @param output where a person is asked
 * @throws UsageError, QrImageError; what `askLink` and `scanLink` throw
 */
export async function readLink(
  { argument, linkFile, qrImage, scan }: LinkSources,
  stdin: AskStreams['input'] & AsyncIterable<unknown>,
  output: AskStreams['output'] = process.stderr,
): Promise<string> {
  const named = [argument, linkFile, qrImage, scan].filter((source) => source !== undefined)
  if (named.length === 0 && canAsk({ input: stdin, output })) {
    const { askLink } = await import('./ask-link.ts')
    return await askLink({ input: stdin, output })
  }
  if (named.length !== 1) {
    throw new UsageError(
      'give the link once: pasted on a terminal, as - for standard input, with --link-file, --qr-image or --scan, or as an argument',
    )
  }
  if (scan !== undefined) {
    const { scanLink } = await import('../scan/scan-link.ts')
    return await scanLink(scan)
  }
  if (qrImage !== undefined) {
    const { readQrImage } = await import('../qr/qr-image.ts')
    return readQrImage(qrImage)
  }
  if (linkFile !== undefined)
    return textOf(await readFileBounded(linkFile, MAX_TEXT_BYTES), linkFile)
  if (argument?.endsWith(OLDER_LINK) === true) {
    const path = meantPath(argument, process.env)
    return textOf(await readFileBounded(path, MAX_TEXT_BYTES), path)
  }
  if (argument !== '-') return argument?.trim() ?? ''
  return textOf(await readBounded(stdin, 'standard input', MAX_TEXT_BYTES), 'standard input')
}

function textOf(bytes: Uint8Array, source: string): string {
  const text = new TextDecoder().decode(bytes).trim()
  if (text === '') throw new UsageError(`${source} is empty`)
  return text
}
