import type { Glyphs } from '../text/glyphs.ts'
import { type Line, span } from '../text/span.ts'

const KEYS = [
  ['up down, j k', 'choose a session; scroll elsewhere'],
  ['PgUp PgDn, g G', 'ten at a time; the first, the last'],
  ['Enter', 'details of the chosen session'],
  ['Esc', 'back; forget the choice; show all'],
  ['/', 'filter by id, peer, label, state, reason'],
  ['s', 'sort by age, time left, state, peer, token'],
  ['w', 'wide columns: whole ids, addresses, tallies'],
  ['t', 'invitations'],
  ['space', 'freeze what is shown; again: go on'],
  ['? q', 'this help; quit'],
] as const

export function helpLines(glyphs: Glyphs): readonly Line[] {
  const { waits, works, completed, failed, timedOut, dot } = glyphs
  return [
    [span('KEYS', 'dim')],
    ...KEYS.map(([key, does]): Line => [span(key.padEnd(16), 'strong'), span(does)]),
    [],
    [span('SIGNS', 'dim')],
    [span(`${waits} waits for the other side   ${works} works here   ${completed} completed`)],
    [span(`${failed} failed   ${timedOut} timed out   bars: time left of step and session`)],
    [span(`${dot} this view only reads: closing it changes no session`)],
  ]
}
