import { randomBytes } from 'node:crypto'
import { rename, rm, writeFile } from 'node:fs/promises'
import { extname } from 'node:path'
import { OutputFileError, UsageError } from '../errors/errors.ts'

type QrFileKind = 'png' | 'svg'

/** Pixels per square of a PNG: about 4 cm square when printed at 300 dpi. */
const PIXELS_PER_SQUARE = 10

/** The kind of picture, by the file's ending. Good to call before anything is minted. @throws UsageError */
export function qrFileKind(path: string): QrFileKind {
  const ending = extname(path).toLowerCase()
  if (ending === '.png') return 'png'
  if (ending === '.svg') return 'svg'
  throw new UsageError('a QR file ends in .png or .svg')
}

/**
 * Writes the QR code of a text (upper case as it is kept in a code) as a picture, for this user only. The
 * file appears whole or not at all; one that was there is replaced.
 * @throws UsageError, OutputFileError
 */
export async function writeQrFile(path: string, text: string): Promise<void> {
  const picture = await pictureOf(text, qrFileKind(path))
  const draft = `${path}.${randomBytes(6).toString('hex')}.tmp`
  try {
    await writeFile(draft, picture, { flag: 'wx', mode: 0o600 })
    await rename(draft, path)
  } catch (cause) {
    await rm(draft, { force: true })
    throw new OutputFileError(path, { cause })
  }
}

/** Paper gets dirty and creased: M, where a terminal has only room for L. */
const ON_PAPER = { errorCorrectionLevel: 'M', margin: 4 } as const

/** The QR code of a text as an SVG with a white ground and a quiet zone. */
export async function qrSvg(text: string): Promise<string> {
  const { default: qrcode } = await import('qrcode')
  return await qrcode.toString(text, { ...ON_PAPER, type: 'svg' })
}

async function pictureOf(text: string, kind: QrFileKind): Promise<string | Uint8Array> {
  if (kind === 'svg') return await qrSvg(text)
  const { default: qrcode } = await import('qrcode')
  return qrcode.toBuffer(text, { ...ON_PAPER, scale: PIXELS_PER_SQUARE })
}
