import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { type Board, EMPTY_BOARD } from '../../../src/dashboard/board/board.ts'
import { foldEvents } from '../../../src/dashboard/board/fold.ts'
import { isOver } from '../../../src/dashboard/board/sessions.ts'
import { parseFeedLine } from '../../../src/service/feed/event-feed-lines.ts'

/** A real run, made by scripts/record-run.ts. */
const EVENTS = readFileSync(new URL('../../dashboard/recorded-run.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => parseFeedLine(line))
  .filter((event) => event !== undefined)

function boards(): readonly Board[] {
  let board = EMPTY_BOARD
  return EVENTS.map((event) => {
    board = foldEvents(board, [event])
    return board
  })
}

it('every line of a real run is an event', () => {
  const lines = readFileSync(
    new URL('../../dashboard/recorded-run.jsonl', import.meta.url),
    'utf8',
  ).trim()
  expect(EVENTS).toHaveLength(lines.split('\n').length)
})

it('what the fold counts is what the listener counted', () => {
  let counted = 0
  const all = boards()
  for (const [at, event] of EVENTS.entries()) {
    const before = at === 0 ? EMPTY_BOARD : all[at - 1]
    if (event.type !== 'health') continue
    expect(before?.totals).toEqual(event.totals)
    expect(before?.live.size).toBe(event.active)
    counted += 1
  }
  expect(counted).toBeGreaterThan(5)
})

it('every session of the run ends, and has the whole way it went', () => {
  const last = boards().at(-1)
  expect(last?.live.size).toBe(0)
  expect(last?.ending).toMatchObject({ kind: 'stopped', reason: 'SIGINT' })
  expect(last?.finished).toHaveLength(11)
  for (const { passages, state } of last?.finished ?? []) {
    expect(passages[0]?.state).toBe('CREATED')
    expect(passages.at(-1)?.state).toBe(state)
    expect(isOver(state)).toBe(true)
    expect(passages.slice(0, -1).every(({ ms }) => ms !== undefined)).toBe(true)
  }
})

it('the invitations are known by their names', () => {
  expect([...(boards().at(-1)?.labels.values() ?? [])].sort()).toEqual([
    'bike, lunch Tuesday',
    'garden shared',
    'till',
  ])
})
