import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CommandFailure, SettingsFileError, UsageError } from '../../../src/cli/errors/errors.ts'
import { reportOf } from '../../../src/cli/failure/error-report.ts'
import { PeerUnreachableError } from '../../../src/session/errors.ts'
import { DataDirectoryError } from '../../../src/store/directory/data-directory.ts'
import { StoreError } from '../../../src/store/errors.ts'

const LINK = `taleus:b${'abcdefghij234567'.repeat(7)}`

describe('the report of a failure', () => {
  it('decides by code, whatever the message says', () => {
    const report = reportOf(new PeerUnreachableError([]))
    expect(report).toMatchObject({ code: 'unreachable', exitCode: 6 })
    expect(report.message).toBe('The inviter could not be reached at any of its addresses.')
  })

  it('names the file and the command that mends it', () => {
    const error = new DataDirectoryError('others may use /d', { path: '/d', fix: 'chmod 700 /d' })
    expect(reportOf(error)).toEqual({
      code: 'data_directory',
      message: 'Others may use /d.',
      exitCode: 10,
      nextStep: 'Run: chmod 700 /d',
    })
  })

  it('says after how long to come again', () => {
    expect(reportOf(new CommandFailure('busy', { retryAfterMs: 1_200 }))).toMatchObject({
      exitCode: 9,
      nextStep: 'Run the same command again in 2 s.',
      retryAfterMs: 1_200,
    })
  })

  it('names the fields that are missing', () => {
    const report = reportOf(new CommandFailure('identity_required', { fields: ['name', 'email'] }))
    expect(report.nextStep).toBe('Add --disclose name=… --disclose email=….')
    expect(report.fields).toEqual(['name', 'email'])
  })

  it('shows the other side’s reason, made harmless', () => {
    const report = reportOf(new CommandFailure('declined', { detail: 'no\u001b[2J \u202ethanks' }))
    expect(report.message).toBe('The invitation was declined (no\\x1b[2J \\u202ethanks).')
  })

  it('of what nobody foresaw says so and ends with 1', () => {
    expect(reportOf(new TypeError('x is not a function'))).toMatchObject({
      code: 'unexpected',
      exitCode: 1,
      message: 'Something unexpected went wrong: x is not a function.',
    })
    expect(reportOf('thrown text').exitCode).toBe(1)
    expect(reportOf(undefined).exitCode).toBe(1)
  })

  it.each([
    ['ENOSPC', 'disk_full'],
    ['EROFS', 'disk_read_only'],
    ['EADDRINUSE', 'address_in_use'],
    ['ERR_SQLITE_ERROR', 'store'],
  ])('of the system’s %s is %s', (code, cause) => {
    expect(reportOf(Object.assign(new Error('x'), { code })).code).toBe(cause)
  })

  it.each([
    [{ code: 'ENOSPC' }, 'disk_full'],
    [{ code: 'EROFS' }, 'disk_read_only'],
    [{ code: 'EACCES' }, 'not_permitted'],
    [{ code: 'ERR_SQLITE_ERROR', errcode: 13 }, 'disk_full'],
    [{ code: 'ERR_SQLITE_ERROR', errcode: 4874 }, 'disk_full'],
    [{ code: 'ERR_SQLITE_ERROR', errcode: 1034 }, 'disk_failed'],
    [{ code: 'ERR_SQLITE_ERROR', errcode: 5 }, 'store_busy'],
    [{ code: 'ERR_SQLITE_ERROR', errcode: 1 }, 'store'],
    [{ code: 'ENOENT' }, 'store'],
  ])('of a store that fails over %j is %s', (system, code) => {
    const cause = Object.assign(new Error('x'), system)
    expect(reportOf(new StoreError('/d/taleus.db', 'can’t be opened', { cause })).code).toBe(code)
  })

  it('of a full disk names the file', () => {
    const cause = Object.assign(new Error('x'), { code: 'ENOSPC' })
    const report = reportOf(new SettingsFileError('x', { path: '/d/settings.json', cause }))
    expect(report.message).toContain('nothing more could be written (/d/settings.json).')
  })

  it.each([
    [
      'The following error occurred:\n  --yes=true cannot also be provided when using --decline',
      '--yes and --decline exclude each other.',
    ],
    [
      'The following error occurred:\n  All of the following must be provided when using --reason: --decline',
      '--reason only goes with --decline.',
    ],
    [
      'Missing 1 required arg:\nid  Its id, or enough of it.',
      'Missing id: Its id, or enough of it.',
    ],
  ])('puts the parser’s %j into a plain sentence', (parsers, told) => {
    expect(reportOf(new UsageError(parsers)).message).toBe(told)
  })

  it('takes oclif’s frame off a flag’s own error', () => {
    const error = new UsageError(
      'Parsing --expires \n\t--expires: at least 1s\nSee more help with --help',
    )
    expect(reportOf(error, 'taleus token create --help')).toEqual({
      code: 'usage',
      message: '--expires: at least 1s.',
      exitCode: 2,
      nextStep: 'See: taleus token create --help',
    })
  })

  it('of the parser’s errors is usage, without the context they carry', () => {
    const error = Object.assign(
      new Error(`Unexpected argument: ${LINK}\nSee more help with --help`),
      {
        parse: { input: { argv: [LINK] } },
        oclif: { exit: 2 },
      },
    )
    const report = reportOf(error)
    expect(report).toMatchObject({ code: 'usage', exitCode: 2 })
    expect(report.message).toBe('Unexpected argument: taleus:….')
  })

  it('never holds a link or a control character, whoever wrote the message', () => {
    const codes = fc.constantFrom('usage', 'store', 'declined', 'unexpected', 'qr_image')
    fc.assert(
      fc.property(codes, fc.string({ unit: 'binary' }), (code, text) => {
        const error = Object.assign(new Error(`${text} ${LINK} ${text}`), {
          code,
          detail: `${LINK}${text}`,
        })
        const shown = JSON.stringify(reportOf(error))
        expect(shown).not.toContain(LINK.slice(10, 40))
        expect(reportOf(error).message).toMatch(/^[^\p{Cc}]*$/mu)
      }),
    )
  })

  it('has a bounded length', () => {
    expect(reportOf(new UsageError('x'.repeat(1_000_000))).message.length).toBeLessThan(2_100)
  })
})
