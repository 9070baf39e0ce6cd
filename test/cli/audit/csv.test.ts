import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { csvLine } from '../../../src/cli/audit/csv.ts'

/** RFC 4180, read a character at a time. */
function parseCsv(text: string): readonly (readonly string[])[] {
  const rows: string[][] = []
  let row: string[] = []
  let cell = ''
  let at = 0
  const isQuoted = () => text[at] === '"'
  while (at < text.length) {
    if (isQuoted()) {
      at += 1
      while (!(isQuoted() && text[at + 1] !== '"')) {
        if (at >= text.length) throw new Error('a quote is never closed')
        if (isQuoted()) at += 1
        cell += text[at]
        at += 1
      }
      at += 1
    } else {
      while (at < text.length && text[at] !== ',' && text[at] !== '\r') {
        cell += text[at]
        at += 1
      }
    }
    row.push(cell)
    cell = ''
    if (text[at] === ',') at += 1
    else if (text.startsWith('\r\n', at)) {
      at += 2
      rows.push(row)
      row = []
    } else throw new Error(`neither the end of a cell nor of a line at ${at}`)
  }
  return rows
}

const nasty = fc.constantFrom(
  ...['=', '+', '-', '@', '\t', '\r', '\n', '"', ',', "'", ' ', '=1+1', '＝', '＠', '\r\n'],
)
const cells = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.array(nasty, { maxLength: 6 }).map((parts) => parts.join('')),
)
const table = fc.array(fc.array(cells, { minLength: 1, maxLength: 5 }), { maxLength: 6 })

describe('CSV', () => {
  it('reads back as what was written, but for the apostrophe before what looks like a formula', () => {
    fc.assert(
      fc.property(table, (rows) => {
        const read = parseCsv(rows.map(csvLine).join(''))
        const undone = read.map((row) => row.map((cell) => cell.replace(/^'/, '')))
        expect(undone).toEqual(rows)
      }),
      { numRuns: 1_000 },
    )
  })

  it('has no cell that begins like a formula', () => {
    fc.assert(
      fc.property(table, (rows) => {
        for (const cell of parseCsv(rows.map(csvLine).join('')).flat()) {
          expect(cell).not.toMatch(/^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/)
        }
      }),
      { numRuns: 1_000 },
    )
  })

  it.each([
    ['=HYPERLINK("http://example.org")', `"'=HYPERLINK(""http://example.org"")"\r\n`],
    ["@SUM(1+1)*cmd|' /C calc'!A0", `"'@SUM(1+1)*cmd|' /C calc'!A0"\r\n`],
    ["'quoted", `"''quoted"\r\n`],
    ['plain, text', '"plain, text"\r\n'],
  ])('%j', (cell, line) => {
    expect(csvLine([cell])).toBe(line)
  })
})
