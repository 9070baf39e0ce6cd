import { expect, it } from 'vitest'
import { shownOn } from '../../../src/cli/listen/choose-output.ts'

const TERMINAL = { isTTY: true }
const AT_TERMINAL = { stdin: TERMINAL, stdout: TERMINAL, stderr: TERMINAL, env: { TERM: 'xterm' } }
const LOG_ELSEWHERE = { ...AT_TERMINAL, stderr: {} }
const SERVICE = { stdin: {}, stdout: {}, stderr: {}, env: {} }
const TEXT = { format: 'text', plain: false } as const

it('who sits before a terminal is shown the dashboard, also beside a log that goes elsewhere', () => {
  expect(shownOn(TEXT, AT_TERMINAL)).toBe('dashboard')
  expect(shownOn({ ...TEXT, log: 'json' }, LOG_ELSEWHERE)).toBe('dashboard')
})

it('a log on the same terminal comes instead of the dashboard, not across it', () => {
  expect(shownOn({ ...TEXT, log: 'text' }, AT_TERMINAL)).toBe('nothing')
})

it('a service that logs tells each event once', () => {
  expect(shownOn(TEXT, SERVICE)).toBe('lines')
  expect(shownOn({ ...TEXT, log: 'json' }, SERVICE)).toBe('nothing')
  expect(shownOn({ ...TEXT, plain: true, log: 'text' }, AT_TERMINAL)).toBe('nothing')
})

it('--json keeps its lines on stdout whatever is logged', () => {
  expect(shownOn({ ...TEXT, format: 'json', log: 'json' }, SERVICE)).toBe('json')
})

it('whoever has the screen read out gets sentences, on a terminal, unless lines are asked for', () => {
  for (const env of [{ INK_SCREEN_READER: 'true' }, { ACCESSIBLE: '1' }]) {
    expect(shownOn(TEXT, { ...AT_TERMINAL, env })).toBe('sentences')
    expect(shownOn({ ...TEXT, plain: true }, { ...AT_TERMINAL, env })).toBe('lines')
    expect(shownOn(TEXT, { ...SERVICE, env })).toBe('lines')
  }
})
