import { describe, expect, it } from 'vitest'
import { FIRST_UI, type UiState } from '../../../src/dashboard/board/ui-state.ts'
import type { Key } from '../../../src/dashboard/keys/key.ts'
import { press } from '../../../src/dashboard/keys/press.ts'
import { FEED_WORDS } from '../../../src/service/feed/feed-words.ts'
import { busyBoard, T0 } from '../scenario.ts'

/** Keys one after the other; a word in angle brackets is a key of that name. */
function pressed(keys: string, from: UiState = FIRST_UI): UiState {
  const board = busyBoard()
  const all = keys.match(/<[a-z-]+>|./gsu) ?? []
  return all.reduce(
    (ui, key) => press(ui, keyOf(key), { board, now: T0 + 2_500, words: FEED_WORDS }),
    from,
  )
}

const NAMES = [
  'up',
  'down',
  'page-up',
  'page-down',
  'home',
  'end',
  'enter',
  'escape',
  'backspace',
] as const

function keyOf(text: string): Key {
  const name = NAMES.find((each) => text === `<${each}>`)
  return name === undefined ? { name: 'text', text } : { name }
}

describe('keys', () => {
  it.each([
    ['j', 'aaaa1111'],
    ['jj', 'bbbb2222'],
    ['jjk', 'aaaa1111'],
    ['<down><down><up>', 'aaaa1111'],
    ['k', 'aaaa1111'],
    ['G', 'dddd4444'],
    ['Gg', 'aaaa1111'],
    ['<page-down>', 'dddd4444'],
    ['jjjjjjjjjjjj', 'dddd4444'],
  ])('%s chooses %s', (keys, chosen) => {
    expect(pressed(keys).chosen).toBe(chosen)
  })

  it('what is chosen stays chosen wherever it moves', () => {
    expect(pressed('jjsss').chosen).toBe('bbbb2222')
  })

  it('a filter is typed, mended, kept, and let go', () => {
    expect(pressed('/tilk<backspace>l')).toMatchObject({ filter: 'till', typing: true })
    expect(pressed('/till<enter>j')).toMatchObject({ typing: false, chosen: 'cccc3333' })
    expect(pressed('/till<escape>')).toMatchObject({ filter: '', typing: false })
    expect(pressed('/till<enter><escape>')).toMatchObject({ filter: '' })
  })

  it('while a filter is typed, letters are letters', () => {
    expect(pressed('/qtsw?')).toMatchObject({ filter: 'qtsw?', view: 'sessions', wide: false })
  })

  it('control characters do not get into a filter', () => {
    expect(pressed('/a\u001b\u0007b').filter).toBe('ab')
  })

  it('Enter opens what is chosen, and Esc leads back', () => {
    expect(pressed('<enter>').view).toBe('sessions')
    expect(pressed('j<enter>')).toMatchObject({ view: 'details', chosen: 'aaaa1111' })
    expect(pressed('j<enter><escape>')).toMatchObject({ view: 'sessions', chosen: 'aaaa1111' })
    expect(pressed('j<enter><escape><escape>').chosen).toBeUndefined()
  })

  it('space freezes and goes on', () => {
    expect(pressed(' ').frozen).toMatchObject({ now: T0 + 2_500 })
    expect(pressed('  ').frozen).toBeUndefined()
  })

  it('s, w, t and ? do what the help says', () => {
    expect(pressed('s').sort).toBe('time left')
    expect(pressed('sssss').sort).toBe('age')
    expect(pressed('w').wide).toBe(true)
    expect(pressed('t').view).toBe('tokens')
    expect(pressed('t?').view).toBe('help')
    expect(pressed('??').view).toBe('sessions')
  })

  it('no key at all breaks anything', () => {
    const odd = ['\u0000', '\u{1f600}', '\t', 'ß', '<home>', '<end>', '<backspace>']
    for (const key of odd) expect(() => pressed(`${key}${key}j${key}`)).not.toThrow()
  })
})
