import fc from 'fast-check'
import stringWidth from 'string-width'
import { describe, expect, it, vi } from 'vitest'
import { CUT_TO_FIT, renderTable, widthOfTerminal } from '../../../src/cli/text/table.ts'

const COLUMNS = [
  { title: 'id' },
  { title: 'label', shrinkTo: 5 },
  { title: 'n', align: 'right' },
] as const

describe('a table', () => {
  it('aligns its columns', () => {
    const rows = [
      ['a1', 'bike', '7'],
      ['b22', '山田', '12'],
    ]
    expect(renderTable(COLUMNS, rows, { width: 80 }).split('\n')).toEqual([
      'ID   LABEL   N',
      'a1   bike    7',
      'b22  山田   12',
    ])
  })

  it('has no head line without titles', () => {
    expect(renderTable([{ title: '' }, { title: '' }], [['a', 'b']], { width: 80 })).toBe('a  b')
  })

  it('cuts what may be cut to fit the terminal, and nothing else', () => {
    const rows = [['abcdefgh', 'a long label, much too long', '1']]
    expect(renderTable(COLUMNS, rows, { width: 24 }).split('\n')).toEqual([
      'ID        LABEL        N',
      'abcdefgh  a long…      1',
      CUT_TO_FIT,
    ])
  })

  it('that is part of a longer text leaves it to that to say that it was cut', () => {
    const onCut = vi.fn<() => void>()
    const rows = [['abcdefgh', 'a long label, much too long', '1']]
    expect(renderTable(COLUMNS, rows, { width: 24, onCut })).not.toContain(CUT_TO_FIT)
    expect(onCut).toHaveBeenCalledTimes(1)
  })

  it('about one thing is never cut, but goes on below', () => {
    const facts = [{ title: '' }, { title: '', shrinkTo: 8 }]
    const rows = [
      ['reason', 'other side hung up'],
      ['id', 'abc'],
    ]
    expect(renderTable(facts, rows, { width: 19 }).split('\n')).toEqual([
      'reason  other side',
      '        hung up',
      'id      abc',
    ])
  })

  it('is never cut where there is no terminal', () => {
    const label = 'x'.repeat(500)
    expect(
      renderTable(COLUMNS, [['a', label, '1']], { width: Number.POSITIVE_INFINITY }),
    ).toContain(label)
  })

  it('fits any terminal that its fixed columns fit, whatever is in the cells', () => {
    const cell = fc.string({ unit: 'binary', maxLength: 60 })
    fc.assert(
      fc.property(
        fc.array(cell, { maxLength: 6 }),
        fc.integer({ min: 18, max: 100 }),
        (cells, width) => {
          const rows = cells.map((text) => ['id', text, '1'])
          const onCut = (): void => undefined
          const lines = renderTable(COLUMNS, rows, { width, onCut }).split('\n')
          return (
            lines.length === rows.length + 1 && lines.every((line) => stringWidth(line) <= width)
          )
        },
      ),
    )
  })
})

it('a table of more rows than a call may have arguments is drawn', () => {
  const rows = Array.from({ length: 200_000 }, (_, at) => [String(at)])
  const text = renderTable([{ title: '' }], rows, { width: 80 })
  expect(text.length).toBe(rows.join('\n').length)
})

it.each([0, 1, 7, 10_000, Number.NaN, Number.POSITIVE_INFINITY, -1])(
  'a terminal of %d columns gets its table',
  (columns) => {
    const width = widthOfTerminal({ isTTY: true, columns })
    const rows = [['abcdefgh', 'a long label, much too long', '1']]
    for (const table of [COLUMNS, [{ title: '' }, { title: '', shrinkTo: 3 }, { title: '' }]]) {
      expect(renderTable(table, rows, { width })).toContain('abcdefgh')
    }
  },
)

it('where no width is known, nothing is cut', () => {
  for (const columns of [0, Number.NaN]) {
    expect(widthOfTerminal({ isTTY: true, columns })).toBe(Number.POSITIVE_INFINITY)
  }
  expect(widthOfTerminal({ isTTY: true })).toBe(Number.POSITIVE_INFINITY)
  expect(widthOfTerminal({ columns: 40 })).toBe(Number.POSITIVE_INFINITY)
})
