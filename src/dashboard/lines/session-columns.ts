import type { Line } from '../text/span.ts'
import { inColumns, span } from '../text/span.ts'

export interface SessionColumn {
  readonly name:
    | 'mark'
    | 'id'
    | 'side'
    | 'peer'
    | 'token'
    | 'state'
    | 'age'
    | 'step'
    | 'session'
    | 'tally'
    | 'address'
  readonly width: number
  readonly align: 'left' | 'right'
}

type Wanted = readonly [name: SessionColumn['name'], least: number, fair: number, most: number]

/** The columns to show where there is room, the most needed first: least, fair and greatest width. */
const WANTED: readonly Wanted[] = [
  ['mark', 1, 1, 1],
  ['id', 6, 8, 8],
  ['state', 15, 26, 36],
  ['age', 5, 5, 5],
  ['step', 6, 9, 14],
  ['peer', 9, 9, 18],
  ['session', 6, 9, 14],
  ['token', 7, 12, 28],
  ['side', 3, 3, 3],
]

/** The same with more room for long texts, and none for bars. */
const WANTED_WIDE: readonly Wanted[] = [
  ['mark', 1, 1, 1],
  ['id', 8, 8, 16],
  ['state', 12, 20, 23],
  ['peer', 12, 52, 52],
  ['address', 12, 26, 44],
  ['token', 8, 12, 32],
  ['tally', 8, 12, 52],
  ['side', 3, 3, 3],
]

/** Left to right. */
const ORDER: readonly SessionColumn['name'][] = [
  'mark',
  'id',
  'side',
  'peer',
  'address',
  'token',
  'tally',
  'state',
  'age',
  'step',
  'session',
]

/** Chooses the columns that fit, none too narrow to read; the room left goes to the most needed first. */
export function sessionColumns(room: number, wide: boolean): readonly SessionColumn[] {
  const chosen: { name: SessionColumn['name']; width: number; fair: number; most: number }[] = []
  // No gap after the mark, and none after the last.
  let left = room + 1
  for (const [name, least, fair, most] of wide ? WANTED_WIDE : WANTED) {
    const need = least + (name === 'mark' ? 0 : 1)
    if (need > left) break
    chosen.push({ name, width: least, fair, most })
    left -= need
  }
  for (const aim of ['fair', 'most'] as const) {
    for (const column of chosen) {
      const more = Math.max(0, Math.min(left, column[aim] - column.width))
      column.width += more
      left -= more
    }
  }
  return chosen
    .sort((a, b) => ORDER.indexOf(a.name) - ORDER.indexOf(b.name))
    .map(({ name, width }) => ({ name, width, align: name === 'age' ? 'right' : 'left' }))
}

/** The title, and one for where that is too long. */
const TITLES: Readonly<Record<SessionColumn['name'], readonly [string, string]>> = {
  mark: ['', ''],
  id: ['ID', 'ID'],
  side: ['DIR', 'DIR'],
  peer: ['PEER', 'PEER'],
  token: ['INVITATION', 'TOKEN'],
  state: ['STATE', 'STATE'],
  age: ['AGE', 'AGE'],
  step: ['STEP LEFT', 'STEP'],
  session: ['SESSION LEFT', 'WHOLE'],
  tally: ['TALLY', 'TALLY'],
  address: ['FROM', 'FROM'],
}

/** The line above the table. */
export function headRow(columns: readonly SessionColumn[], ellipsis: string): Line {
  const cells = columns.map(({ name, width, align }, at) => {
    const [long, short] = TITLES[name]
    const title = long.length <= width ? long : short
    const gap = at < columns.length - 1 && name !== 'mark' ? ' ' : ''
    return inColumns(title, width, ellipsis, align) + gap
  })
  return [span(cells.join(''), 'dim')]
}
