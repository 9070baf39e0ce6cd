import { CODE_OPTIONS, linksAmong } from '../../web/shared/code-text.ts'
import { QrImageError, UsageError } from '../errors/errors.ts'
import { readFileBounded } from '../input/read-bounded.ts'
import { type ImageSize, imageSizeOf } from './image-size.ts'
import { readerWasm } from './reader-wasm.ts'
import { type OpaquePicture, opaquePicturesOf } from './transparent-png.ts'
import { packingOf } from './unpacked-size.ts'

/** Photographs of today's phones have up to 20 MB and 50 million pixels. */
const MAX_FILE_BYTES = 32 * 1024 * 1024
const MAX_PIXELS = 64_000_000

/**
 * Reads the text of the one invitation that a PNG or JPEG shows; other QR codes beside it don't matter.
 * @throws UsageError if the file can't be read, QrImageError
 */
export async function readQrImage(path: string): Promise<string> {
  const texts = await textsIn(await readPicture(path), path)
  const [link, ...others] = linksAmong(texts)
  if (texts.length === 0) throw new QrImageError('no_code', { path })
  if (link === undefined) throw new QrImageError('no_link', { path })
  if (others.length > 0) throw new QrImageError('several', { path })
  return link
}

interface PictureFile {
  readonly bytes: Uint8Array
  readonly size: ImageSize
  readonly isWhole: boolean
}

async function readPicture(path: string): Promise<PictureFile> {
  const bytes = await readFileBounded(path, MAX_FILE_BYTES)
  const size = imageSizeOf(bytes)
  if (size === undefined) throw new QrImageError('not_an_image', { path })
  if (size.width * size.height > MAX_PIXELS) throw new QrImageError('too_many_pixels', { path })
  const packing = size.width * size.height === 0 ? 'too_much' : await packingOf(bytes, size)
  if (packing === 'too_much') throw new QrImageError('unreadable', { path })
  return { bytes, size, isWhole: packing === 'whole' }
}

async function textsIn(
  { bytes, size, isWhole }: PictureFile,
  path: string,
): Promise<readonly string[]> {
  const opaque = isWhole ? await opaquePicturesOf(bytes, size) : undefined
  for (const picture of opaque ?? [() => bytes]) {
    const texts = await textsOn(picture(), path)
    if (texts.length > 0) return texts
  }
  return []
}

async function textsOn(
  picture: Uint8Array | OpaquePicture,
  path: string,
): Promise<readonly string[]> {
  const { prepareZXingModule, readBarcodes } = await import('zxing-wasm/reader')
  prepareZXingModule({ overrides: { wasmBinary: (await readerWasm()).buffer } })
  try {
    const found = await readBarcodes(picture, CODE_OPTIONS)
    // A picture that can't be unpacked comes as one result that is nothing but an error.
    if (found.some((code) => !code.isValid && code.error !== '')) {
      throw new QrImageError('unreadable', { path })
    }
    return found.filter((code) => code.isValid).map((code) => code.text)
  } catch (cause) {
    if (cause instanceof QrImageError || cause instanceof UsageError) throw cause
    throw new QrImageError('unreadable', { path, cause })
  }
}
