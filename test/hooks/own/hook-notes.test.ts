import { expect, it } from 'vitest'
import { HookNotes } from '../../../src/hooks/own/hook-notes.ts'

it('notes that nobody hears yet are kept, within bounds, and told first', () => {
  const notes = new HookNotes(() => 0)
  for (let at = 0; at < 1_000; at += 1) notes.say(`note ${at}`)
  const heard: string[] = []
  notes.onSaid((note) => heard.push(note))
  expect(heard.length).toBeGreaterThan(0)
  expect(heard.length).toBeLessThan(20)
  expect(heard[0]).toBe('note 0')
})

it('of too many in a minute the rest is counted, and told with the next one', () => {
  let now = 0
  const heard: string[] = []
  const notes = new HookNotes(() => now)
  notes.onSaid((note) => heard.push(note))
  for (let at = 0; at < 1_000; at += 1) notes.say('again')
  const shown = heard.length
  expect(shown).toBeLessThan(20)
  now += 60_000
  notes.say('later')
  expect(heard.slice(shown)).toEqual([
    `${1_000 - shown} more notes of your hooks are not shown`,
    'later',
  ])
})

it('a note is cut to a sentence, and an empty one is none', () => {
  const heard: string[] = []
  const notes = new HookNotes()
  notes.onSaid((note) => heard.push(note))
  notes.say('  \n ')
  notes.say('x'.repeat(10_000))
  expect(heard.map((note) => note.length)).toEqual([200])
})
