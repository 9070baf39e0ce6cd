import { access, constants } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Minted } from '../../service/invitations/mint.ts'
import { OutputFileError } from '../errors/errors.ts'
import type { Output } from '../output/output.ts'
import { fitQr, printQr } from '../qr/print-qr.ts'
import { line } from '../text/screen-text.ts'

/** The ways a link is shown besides its text. */
export interface HandOutOptions {
  /** Print its QR code. */
  readonly qr: boolean
  readonly qrFile?: string | undefined
}

/** Whether to print the QR code: `--qr` and `--no-qr` decide; else it is printed on a terminal. */
export function wantsQr(flag: boolean | undefined, isSilent: boolean): boolean {
  return flag ?? (process.stderr.isTTY === true && !isSilent)
}

/** Checks the name of the QR file before anything is minted. @throws UsageError, OutputFileError */
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
 * Prints the link, which must be stored by now, on stdout; its QR code on stderr, below it, so that nothing scrolls it
 * away, and below that on a terminal the invitation's id and what is done with the link. If something fails here, the
 * link is out all the same and the invitation good.
 */
export async function handOut(
  { token, link, qrForms }: Pick<Minted, 'token' | 'link' | 'qrForms'>,
  { qr, qrFile }: HandOutOptions,
  output: Output,
): Promise<void> {
  if (qrFile !== undefined) await writeFileOrWarn(qrFile, qrForms(), output)
  // Not a command of this side's, that a hint would complete by its data directory.
  const next = `${token.id}: your partner runs "taleus bootstrap" and pastes the link.`
  const isTerminal = process.stderr.isTTY === true
  const below = isTerminal ? [next] : []
  const fitted = qr ? await fitQr(qrForms(), process.stderr, below) : undefined
  if (qr && fitted === undefined) {
    output.warn('the QR code could not be shown on this terminal; --qr-file writes it to a file')
  }
  if (fitted !== undefined && fitted.dropped.length > 0) {
    const dropped = fitted.dropped.join(', ')
    output.warn(`so that it fits here, the QR code leaves out ${dropped}; the link names all`)
  }
  output.answer(line(link))
  if (fitted !== undefined) printQr(fitted, process.stderr)
  if (isTerminal) output.note(next)
}

async function writeFileOrWarn(
  path: string,
  forms: Iterable<{ readonly text: string }>,
  output: Output,
): Promise<void> {
  const { writeQrFile } = await import('../qr/qr-file.ts')
  const [first] = forms
  try {
    if (first !== undefined) await writeQrFile(path, first.text)
  } catch (error) {
    output.warn(error instanceof Error ? error.message : `can't write ${path}`)
  }
}
