/** The squares of a QR code, row by row; true is dark. Without any quiet zone. */
export type QrModules = readonly (readonly boolean[])[]

/** Capitals, digits and a few marks at the end of a text: a code holds half as many again of them as of other characters. */
const CAPITALS = /[0-9A-Z $%*+\-./:]{32}$/

/** The characters of qrcode-terminal for two squares one above the other: [upper is dark, lower is dark]. */
const HALF_BLOCKS: Readonly<Record<string, readonly [boolean, boolean]>> = {
  '█': [false, false],
  '▀': [false, true],
  '▄': [true, false],
  ' ': [true, true],
}

/**
 * Makes the QR code of a text at error correction L. That of a link, which ends in capitals then, is made by qrcode, since
 * qrcode-terminal has no shorter form for them (findings/qr-terminal-takes-no-shorter-mode-for-capitals.sh): on 80 columns
 * by 24 rows it has room for 116 bytes of a link instead of 78.
 */
export async function qrModulesOf(text: string): Promise<QrModules> {
  return CAPITALS.test(text) ? await shortModulesOf(text) : await drawnModulesOf(text)
}

async function shortModulesOf(text: string): Promise<QrModules> {
  const { default: qrcode } = await import('qrcode')
  const { modules } = qrcode.create(text, { errorCorrectionLevel: 'L' })
  const { size } = modules
  return Array.from({ length: size }, (_, row) =>
    Array.from({ length: size }, (_each, column) => modules.get(row, column) === 1),
  )
}

/** qrcode-terminal has no call that gives the squares, so its drawing (a border of one, two squares to a character) is read back. */
async function drawnModulesOf(text: string): Promise<QrModules> {
  const { default: qrcode } = await import('qrcode-terminal')
  const drawing = await new Promise<string>((resolve) => {
    qrcode.setErrorLevel('L')
    qrcode.generate(text, { small: true }, resolve)
  })
  const lines = drawing.split('\n').slice(1)
  const size = (lines[0]?.length ?? 0) - 2
  const rows = lines.flatMap((line) => rowsOf(line.slice(1, -1))).slice(0, size)
  if (size < 21 || rows.length !== size || rows.some((row) => row.length !== size)) {
    throw new Error('qrcode-terminal drew something unexpected')
  }
  return rows
}

function rowsOf(line: string): readonly (readonly boolean[])[] {
  const pairs = Array.from(line, (character) => HALF_BLOCKS[character] ?? [false, false])
  return [pairs.map(([upper]) => upper), pairs.map(([, lower]) => lower)]
}
