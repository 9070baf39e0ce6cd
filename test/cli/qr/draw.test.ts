import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import jsqr from 'jsqr'
import { describe, expect, it } from 'vitest'
import { drawQr, type QrCanvas } from '../../../src/cli/qr/draw.ts'
import { qrModulesOf } from '../../../src/cli/qr/modules.ts'
import { readQrImage } from '../../../src/cli/qr/qr-image.ts'
import { temporaryDirectory } from '../../support/cli/temporary-directory.ts'
import { pngOf } from './png.ts'
import { columnsOf, type Picture, photographed } from './screen.ts'

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
/** As long as a link may be that fits 80 x 24: of 116 bytes, with a relay by its name, and a direct address. */
const LINK = `TALEUS:B${BASE32.repeat(6).slice(0, 187)}`

const SMALL: QrCanvas = { columns: 80, rows: 24, unicode: true, color: true }
const PIPE: QrCanvas = {
  columns: Number.POSITIVE_INFINITY,
  rows: Number.POSITIVE_INFINITY,
  unicode: true,
  color: true,
}

async function drawn(text: string, canvas: QrCanvas): Promise<readonly string[]> {
  const lines = drawQr(await qrModulesOf(text), canvas)
  if (lines === undefined) throw new Error('no room')
  return lines
}

/** Decoded by the library that we do not ship. */
function seenBy({ width, height, gray }: Picture): string | undefined {
  const pixels = new Uint8ClampedArray(width * height * 4)
  for (const [at, value] of gray.entries()) pixels.fill(value, at * 4, at * 4 + 3)
  return jsqr.default(pixels, width, height)?.data
}

describe('the QR code on a terminal', () => {
  it('gives the link to an independent reader that sees the screen', async () => {
    expect(seenBy(photographed(await drawn(LINK, SMALL)))).toBe(LINK)
  })

  it('gives the link to our own reader when the screen is saved as a picture', async () => {
    const path = join(await temporaryDirectory(), 'screen.png')
    await writeFile(path, pngOf(photographed(await drawn(LINK, SMALL))))
    expect(await readQrImage(path)).toBe(LINK)
  })

  it('of a link with 195 characters fits 80 x 24, and leaves two rows', async () => {
    expect(LINK).toHaveLength(195)
    const lines = await drawn(LINK, SMALL)
    expect(lines.length).toBeLessThanOrEqual(22)
    expect(Math.max(...lines.map(columnsOf))).toBeLessThanOrEqual(80)
  })

  it('of a text that is not in capitals is drawn, too, and is larger', async () => {
    const text = `https://example.org/${LINK.toLowerCase()}`
    expect(seenBy(photographed(await drawn(text, PIPE)))).toBe(text)
    expect((await qrModulesOf(text)).length).toBeGreaterThan((await qrModulesOf(LINK)).length)
  })

  it('has a quiet zone of four squares all round where there is room', async () => {
    const { length } = await qrModulesOf(LINK)
    const lines = await drawn(LINK, { ...SMALL, rows: 50 })
    expect(lines.map(columnsOf)).toEqual(lines.map(() => length + 8))
    expect(lines).toHaveLength(Math.ceil((length + 8) / 2))
  })

  it('is dark on light whatever the terminal looks like', async () => {
    const lines = await drawn(LINK, SMALL)
    expect(seenBy(photographed(lines, { light: true }))).toBe(LINK)
    expect(seenBy(photographed(lines, { light: false }))).toBe(LINK)
  })

  it('without colours is right for a dark terminal', async () => {
    const lines = await drawn(LINK, { ...SMALL, color: false })
    expect(lines.join('')).not.toContain('\u001b')
    expect(seenBy(photographed(lines))).toBe(LINK)
  })

  it('without UTF-8 is drawn in ASCII, two blanks to a square', async () => {
    const lines = await drawn(LINK, { ...PIPE, unicode: false })
    expect(lines.join('').replaceAll('\u001b', '')).toMatch(/^[ -~]*$/)
    // A blank is half as wide as high: two of them, seen at half the width, are a square.
    const picture = photographed(lines.map((line) => line.replaceAll('  ', ' ')))
    expect(seenBy(halfAsHigh(picture))).toBe(LINK)
  })

  it.each([
    ['too narrow', { ...SMALL, columns: 42 }],
    ['too low', { ...SMALL, rows: 23 }],
    ['too narrow for ASCII', { ...SMALL, unicode: false }],
    ['neither colours nor half blocks', { ...PIPE, unicode: false, color: false }],
  ])('is not drawn on a terminal that is no good for it: %s', async (_, canvas) => {
    expect(drawQr(await qrModulesOf(LINK), canvas)).toBeUndefined()
  })

  it('gives any link back', async () => {
    const link = fc.string({ unit: fc.constantFrom(...BASE32), minLength: 60, maxLength: 300 })
    await fc.assert(
      fc.asyncProperty(link, async (text) => {
        expect(seenBy(photographed(await drawn(`TALEUS:B${text}`, PIPE)))).toBe(`TALEUS:B${text}`)
      }),
      { numRuns: 20 },
    )
  })
})

function halfAsHigh({ width, height, gray }: Picture): Picture {
  const rows = Array.from({ length: Math.floor(height / 2) }, (_, y) => {
    return gray.subarray(2 * y * width, (2 * y + 1) * width)
  })
  return { width, height: rows.length, gray: Buffer.concat(rows) }
}
