import { mkdir, readFile, stat, symlink, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { drawQr } from '../../../src/cli/qr/draw.ts'
import { qrModulesOf } from '../../../src/cli/qr/modules.ts'
import { writeQrFile } from '../../../src/cli/qr/qr-file.ts'
import { readQrImage } from '../../../src/cli/qr/qr-image.ts'
import { temporaryDirectory } from '../../support/cli/temporary-directory.ts'
import { besides, pngHeadOf, pngOf, transparentPngOf } from './png.ts'
import { type Picture, photographed } from './screen.ts'

/** A code of 134 characters, drawn askew with noise, shade and a background, JPEG quality 45. */
const PHOTO = new URL('photo.jpg', import.meta.url).pathname
const LINK = 'TALEUS:BABCDEFGHIJKLMNOPQRSTUVWXYZ234567ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
const OTHER = 'TALEUS:B234567ABCDEFGHIJKLMNOPQRSTUVWXYZ234567ABCDEFGHIJKLMNOPQRSTUVWXYZ'

async function pictureOf(text: string): Promise<Picture> {
  const canvas = { columns: 100, rows: 100, unicode: true, color: true }
  return photographed(drawQr(await qrModulesOf(text), canvas) ?? [])
}

async function saved(content: Uint8Array, name = 'picture.png'): Promise<string> {
  const path = join(await temporaryDirectory(), name)
  await writeFile(path, content)
  return path
}

describe('a picture of a QR code', () => {
  it('that is a photograph, askew, noisy and a JPEG, gives the link', async () => {
    expect(await readQrImage(PHOTO)).toMatch(/^TALEUS:BABCDEFGH[A-Z2-7]{118}$/)
  })

  it('beside another code gives the one that is a link', async () => {
    const both = besides(
      await pictureOf(LINK),
      await pictureOf(`HTTPS://EXAMPLE.ORG/${'A'.repeat(50)}`),
    )
    expect(await readQrImage(await saved(pngOf(both)))).toBe(LINK)
  })

  it('shown twice is still one link', async () => {
    const both = besides(await pictureOf(LINK), await pictureOf(LINK))
    expect(await readQrImage(await saved(pngOf(both)))).toBe(LINK)
  })

  it.each([
    ['black ink', { ink: 0 }],
    ['white ink', { ink: 255 }],
    ['grey ink', { ink: 90 }],
    ['black ink, of a palette', { ink: 0, palette: true }],
    ['white ink, of a palette', { ink: 255, palette: true }],
    ['black ink, interlaced', { ink: 0, interlaced: true }],
  ])('on transparent ground gives the link: %s', async (_how, kind) => {
    const png = transparentPngOf(await pictureOf(LINK), kind)
    expect(await readQrImage(await saved(png))).toBe(LINK)
    expect(await readQrImage(await saved(Buffer.concat([png, Buffer.from('\n')])))).toBe(LINK)
  })

  it('on transparent ground that is cut off is refused', async () => {
    const whole = transparentPngOf(await pictureOf(LINK), { ink: 0 })
    for (const part of [34, 60, whole.length >> 1]) {
      const path = await saved(whole.subarray(0, part))
      await expect(readQrImage(path)).rejects.toMatchObject({ code: 'qr_image' })
    }
  })

  it.each([
    ['several', async () => pngOf(besides(await pictureOf(LINK), await pictureOf(OTHER)))],
    ['no_link', async () => pngOf(await pictureOf('HTTPS://EXAMPLE.ORG'))],
    ['no_code', async () => pngOf(photographed(['          ', '          ']))],
    ['not_an_image', async () => Buffer.from('GIF89a')],
    ['not_an_image', async () => Buffer.alloc(0)],
    ['too_many_pixels', async () => pngHeadOf(60_000, 60_000)],
    ['too_many_pixels', async () => pngHeadOf(0xffffffff, 0xffffffff)],
    ['unreadable', async () => pngHeadOf(100, 100)],
    ['unreadable', async () => pngHeadOf(0, 100)],
  ])('is refused with its own sentence: %s', async (problem, content) => {
    const path = await saved(await content())
    await expect(readQrImage(path)).rejects.toMatchObject({ code: 'qr_image', problem })
    await expect(readQrImage(path)).rejects.toThrow(path)
  })

  it('that was cut off is refused, whatever was cut', async () => {
    const whole = pngOf(await pictureOf(LINK))
    for (const part of [1, 7, 8, 20, 33, 60, whole.length >> 1]) {
      const path = await saved(whole.subarray(0, part))
      await expect(readQrImage(path)).rejects.toMatchObject({ code: 'qr_image' })
    }
    for (const part of [2, 3, 11, 100, 400, 5_000]) {
      const path = await saved((await readFile(PHOTO)).subarray(0, part), 'photo.jpg')
      await expect(readQrImage(path)).rejects.toMatchObject({ code: 'qr_image' })
    }
  })

  it('that is larger than any photograph is not read into memory', async () => {
    const path = await saved(pngHeadOf(100, 100))
    await truncate(path, 3_000_000_000)
    await expect(readQrImage(path)).rejects.toMatchObject({ code: 'usage' })
  })

  it('that is not there, or is a directory, is a matter of usage', async () => {
    const directory = await temporaryDirectory()
    await expect(readQrImage(join(directory, 'no.png'))).rejects.toThrow('there is no such file')
    await expect(readQrImage(directory)).rejects.toThrow('is a directory')
  })
})

describe('a QR file', () => {
  it.each(['code.png', 'CODE.PNG'])('that is a PNG gives the link: %s', async (name) => {
    const path = join(await temporaryDirectory(), name)
    await writeQrFile(path, LINK)
    expect(await readQrImage(path)).toBe(LINK)
  })

  it('that is an SVG is one, and draws dark on light', async () => {
    const path = join(await temporaryDirectory(), 'code.svg')
    await writeQrFile(path, LINK)
    expect(await readFile(path, 'utf8')).toMatch(/^<svg [^>]*>.*#ffffff.*#000000.*<\/svg>\s*$/s)
  })

  it('is for this user only, and replaces one that was there', async () => {
    const directory = await temporaryDirectory()
    const path = join(directory, 'code.png')
    await writeFile(path, 'old', { mode: 0o644 })
    await writeQrFile(path, LINK)
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    expect(await readQrImage(path)).toBe(LINK)
  })

  it('does not write through a link to somewhere else', async () => {
    const directory = await temporaryDirectory()
    await writeFile(join(directory, 'elsewhere'), 'kept')
    await symlink(join(directory, 'elsewhere'), join(directory, 'code.png'))
    await writeQrFile(join(directory, 'code.png'), LINK)
    expect(await readFile(join(directory, 'elsewhere'), 'utf8')).toBe('kept')
  })

  it('can only be PNG or SVG', async () => {
    const path = join(await temporaryDirectory(), 'code.gif')
    await expect(writeQrFile(path, LINK)).rejects.toMatchObject({ code: 'usage' })
  })

  it('that can’t be written says which file, and leaves nothing behind', async () => {
    const directory = await temporaryDirectory()
    await mkdir(join(directory, 'code.png'))
    const written = writeQrFile(join(directory, 'code.png'), LINK)
    await expect(written).rejects.toMatchObject({ code: 'output_file' })
    expect((await stat(directory)).nlink).toBe(3)
  })
})
