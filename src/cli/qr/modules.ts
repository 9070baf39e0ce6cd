/** The squares of a QR code, row by row; true is dark. Without any quiet zone. */
export type QrModules = readonly (readonly boolean[])[]

/** The characters of qrcode-terminal for two squares one above the other: [upper is dark, lower is dark]. */
const HALF_BLOCKS: Readonly<Record<string, readonly [boolean, boolean]>> = {
  '█': [false, false],
  '▀': [false, true],
  '▄': [true, false],
  ' ': [true, true],
}

/**
 * Makes the QR code of a text at error correction L, by qrcode-terminal. It has no call that gives the
 * squares, so its drawing (a border of one, two squares to a character) is read back.
 */
export async function qrModulesOf(text: string): Promise<QrModules> {
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
