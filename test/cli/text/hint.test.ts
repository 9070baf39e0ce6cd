import { describe, expect, it } from 'vitest'
import { hintedFor } from '../../../src/cli/text/hint.ts'

describe('a hint', () => {
  it.each([
    ['Start one with `taleus listen`.', 'Start one with `taleus listen --data-dir a`.'],
    [
      '`taleus audit witnesses PEER --note` prints it; see `taleus status`.',
      '`taleus audit witnesses PEER --note --data-dir a` prints it; see `taleus status --data-dir a`.',
    ],
    ['Both have it: taleus tally show x', 'Both have it: taleus tally show x --data-dir a'],
    ['See `taleus --help`.', 'See `taleus --help`.'],
    ['It is not taleus that answers', 'It is not taleus that answers'],
  ])('%s names the data directory that was given', (text, hinted) => {
    expect(hintedFor({ dataDirectory: 'a' })(text)).toBe(hinted)
  })

  it('that is completed twice names it once', () => {
    const hinted = hintedFor({ dataDirectory: 'a' })
    expect(hinted(hinted('`taleus status`'))).toBe('`taleus status --data-dir a`')
  })

  it('quotes it for a shell', () => {
    expect(hintedFor({ dataDirectory: "it's a b" })('`taleus status`')).toBe(
      "`taleus status --data-dir 'it'\\''s a b'`",
    )
  })

  it('names the store that was given, but to a command that says where the store is', () => {
    const hinted = hintedFor({ dataDirectory: 'a', store: 'sqlite' })
    expect(hinted('`taleus status`')).toBe('`taleus status --data-dir a --store sqlite`')
    const set = '`taleus config set store URL`'
    expect(hinted(set)).toBe('`taleus config set store URL --data-dir a`')
  })

  it('stays as it is if none was given', () => {
    expect(hintedFor({})('`taleus status`')).toBe('`taleus status`')
  })
})
