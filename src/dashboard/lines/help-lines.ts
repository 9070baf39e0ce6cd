import { type Line, span } from '../text/span.ts'
import type { Screen } from './screen.ts'

const KEYS = [
  ['up down, j k', 'choose a session; scroll elsewhere'],
  ['PgUp PgDn, g G', 'ten at a time; the first, the last'],
  ['Enter', 'details of the chosen session'],
  ['Esc', 'back; forget the choice; show all'],
  ['/', 'filter by name, id, peer, label, state, reason'],
  ['s', 'sort by age, time left, state, peer, token'],
  ['w', 'wide columns: whole ids, addresses, tallies'],
  ['t', 'invitations'],
  ['space', 'freeze what is shown; again: go on'],
  ['^Z', 'put it to sleep; `fg` brings it back'],
  ['?', 'this help'],
] as const

export function helpLines({ glyphs, isListeners }: Screen): readonly Line[] {
  const { waits, works, completed, asked, failed, timedOut } = glyphs
  return [
    [span('KEYS', 'dim')],
    ...[...KEYS, ...leaving(isListeners)].map(([key, does]): Line => {
      return [span(key.padEnd(16), 'strong'), span(does)]
    }),
    [],
    [span('SIGNS', 'dim')],
    [span(`${waits} waits for the other side   ${works} works here   ${completed} completed`)],
    [span(`${asked} asked: waits for a yes or no   ${failed} failed   ${timedOut} timed out`)],
    [span('bars: time left of step and session')],
  ]
}

function leaving(isListeners: boolean): readonly (readonly [string, string])[] {
  if (!isListeners) return [['q, ^C', 'leave; the listener and its sessions go on']]
  return [
    ['q', 'stop the listener; asks while sessions are under way'],
    ['^C', 'stop the listener; again: leave now'],
  ]
}
