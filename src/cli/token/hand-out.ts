import { access, constants } from 'node:fs/promises'
import { dirname } from 'node:path'
import { OutputFileError } from '../errors/errors.ts'
import type { Voice } from '../output/output.ts'
import { fitQr } from './fit-qr.ts'

/** How a link is to be shown besides. */
export interface HandOutWishes {
  /** Print its QR code. */
  readonly qr: boolean
  readonly qrFile?: string | undefined
}

interface HandedOut {
  readonly link: string
  qrForms(): Iterable<{ readonly text: string; readonly dropped: readonly string[] }>
}

/** `--qr` and `--no-qr` decide; else it is shown where somebody looks. */
export function wantsQr(flag: boolean | undefined, isSilent: boolean): boolean {
  return flag ?? (process.stderr.isTTY === true && !isSilent)
}

/** Find out what is wrong with the file's name before anything is minted. @throws UsageError, OutputFileError */
export async function checkQrFile(path: string | undefined): Promise<void> {
  if (path === undefined) return
  const { qrFileKind } = await import('../qr/qr-file.ts')
  qrFileKind(path)
  try {
    await access(dirname(path), constants.W_OK)
  } catch (cause) {
    throw new OutputFileError(path, { cause })
  }
}

/**
 * Print the link, which must be stored by now, on stdout; its QR code on stderr, below it, so that
 * nothing scrolls it away. Whatever fails here, the link is out and the invitation good.
 */
export async function handOut(
  { link, qrForms }: HandedOut,
  { qr, qrFile }: HandOutWishes,
  voice: Voice,
): Promise<void> {
  if (qrFile !== undefined) await writeFileOrWarn(qrFile, qrForms(), voice)
  const fitted = qr ? await fitQr(qrForms(), process.stderr) : undefined
  if (qr && fitted === undefined) {
    voice.warn('the QR code could not be shown on this terminal; --qr-file writes it to a file')
  }
  if (fitted !== undefined && fitted.dropped.length > 0) {
    const dropped = fitted.dropped.join(', ')
    voice.warn(`so that it fits here, the QR code leaves out ${dropped}; the link names all`)
  }
  voice.answer(link)
  if (fitted !== undefined) process.stderr.write(`${fitted.lines.join('\n')}\n`)
}

async function writeFileOrWarn(
  path: string,
  forms: Iterable<{ readonly text: string }>,
  voice: Voice,
): Promise<void> {
  const { writeQrFile } = await import('../qr/qr-file.ts')
  const [first] = forms
  try {
    if (first !== undefined) await writeQrFile(path, first.text)
  } catch (error) {
    voice.warn(error instanceof Error ? error.message : `can't write ${path}`)
  }
}
