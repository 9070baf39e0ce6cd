import { describe, expect, it } from 'vitest'
import { reportOf } from '../../../src/cli/failure/error-report.ts'
import { StoreError } from '../../../src/store/errors.ts'
import { translate } from '../../../src/store/row/translate.ts'

const PATH = '/d/taleus.db'

/** Every code of https://sqlite.org/rescode.html that is an error: the kinds, then the extended ones. */
const KINDS = [...Array(26).keys()].map((index) => index + 1)
const EXTENDED: Readonly<Record<number, number>> = {
  1: 4,
  5: 3,
  6: 2,
  8: 6,
  10: 34,
  11: 3,
  14: 6,
  19: 12,
}
const SQLITE_CODES = KINDS.flatMap((kind) =>
  [...Array((EXTENDED[kind] ?? 0) + 1).keys()].map((extension) => kind + 256 * extension),
)

/** As node:sqlite throws it, and as the store makes its own of it. */
function reported(errcode: number) {
  const error = Object.assign(new Error('x'), { code: 'ERR_SQLITE_ERROR', errcode })
  return [error, translate(PATH, error)].map((each) => reportOf(each))
}

function codesOf(...numbers: readonly number[]): readonly string[] {
  return [...new Set(numbers.flatMap((number) => reported(number).map(({ code }) => code)))]
}

describe('SQLite’s result codes', () => {
  it('all have words and exit code 10, with an extension or without', () => {
    for (const errcode of SQLITE_CODES) {
      for (const report of reported(errcode)) {
        expect(report, `${errcode}`).toMatchObject({ exitCode: 10 })
        expect(report.code, `${errcode}`).not.toBe('unexpected')
      }
    }
  })

  it('send nobody for a backup but those that mean a damaged file', () => {
    const sent = SQLITE_CODES.filter((errcode) =>
      reported(errcode).some(({ nextStep }) => nextStep.includes('backup')),
    )
    expect(new Set(sent.map((errcode) => (errcode === 8202 ? 8202 : errcode & 0xff)))).toEqual(
      new Set([11, 26, 8202]),
    )
  })

  it.each<[string, readonly number[]]>([
    ['not_permitted', [3, 23, 3338, 7178]],
    ['store_busy', [5, 261, 517, 773, 6, 262, 518, 15]],
    ['memory_exhausted', [7, 3082]],
    ['disk_read_only', [8, 264, 520, 776, 1288, 1544]],
    ['store_moved', [1032, 6922]],
    ['disk_failed', [10, 266, 522, 778, 1034, 1290, 1546, 1802, 2570, 3850, 4106, 4618, 8458]],
    ['disk_full', [13, 4874]],
    ['store_damaged', [11, 267, 523, 779, 26]],
    ['path_unusable', [526, 782, 1038, 1550]],
    ['file_too_large', [22]],
    ['store', [1, 2, 4, 9, 12, 16, 17, 18, 19, 20, 21, 24, 25]],
  ])('%s is each of %j', (code, numbers) => {
    // What can't be opened is asked for by its path, which is not there.
    const plain = numbers.map((number) => Object.assign(new Error('x'), sqlite(number)))
    expect([...new Set(plain.map((error) => reportOf(error).code))]).toEqual([code])
    if (code !== 'path_unusable') expect(codesOf(...numbers)).toEqual([code])
  })

  it('of a store that can’t be opened is asked about at the system', () => {
    const error = translate('/dev/null/taleus.db', Object.assign(new Error('x'), sqlite(14)))
    expect(reportOf(error).code).toBe('path_unusable')
    expect(reportOf(Object.assign(new Error('x'), sqlite(14))).code).toBe('store_unopened')
  })
})

function sqlite(errcode: number) {
  return { code: 'ERR_SQLITE_ERROR', errcode }
}

it.each([
  ['ENOSPC', 'disk_full'],
  ['EDQUOT', 'disk_full'],
  ['EROFS', 'disk_read_only'],
  ['EACCES', 'not_permitted'],
  ['EPERM', 'not_permitted'],
  ['EIO', 'disk_failed'],
  ['ENXIO', 'disk_failed'],
  ['ENODEV', 'disk_failed'],
  ['ESTALE', 'disk_failed'],
  ['EMFILE', 'files_exhausted'],
  ['ENFILE', 'files_exhausted'],
  ['ENOMEM', 'memory_exhausted'],
  ['EFBIG', 'file_too_large'],
  ['ENAMETOOLONG', 'path_unusable'],
  ['ENOTDIR', 'path_unusable'],
  ['EISDIR', 'path_unusable'],
  ['ELOOP', 'path_unusable'],
])('the system’s %s is %s, by itself and as the cause of a store that fails', (system, code) => {
  const cause = Object.assign(new Error('x'), { code: system, path: PATH })
  for (const error of [cause, new StoreError(PATH, 'can’t be opened', { cause })]) {
    const report = reportOf(error)
    expect(report).toMatchObject({ code, exitCode: 10 })
    expect(report.message).toContain(PATH)
    expect(report.nextStep).not.toContain('backup')
  }
})
