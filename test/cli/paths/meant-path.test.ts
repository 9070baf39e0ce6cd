import { describe, expect, it } from 'vitest'
import { meantPath } from '../../../src/cli/paths/meant-path.ts'

const ENV = { HOME: '/home/alice' }

describe('a path that a person gives', () => {
  it.each([
    ['~', '/home/alice'],
    ['~/shop', '/home/alice/shop'],
    ['./~', './~'],
    ['a~b', 'a~b'],
    ['shop/$x', 'shop/$x'],
    ['/srv/with space', '/srv/with space'],
  ])('%s is %s', (text, path) => {
    expect(meantPath(text, ENV)).toBe(path)
  })

  it.each(['', '~bob/x', '$HOME/x', '"/x"', "'/x'", 'file:///x'])('%j is refused', (text) => {
    expect(() => meantPath(text, ENV)).toThrow(expect.objectContaining({ code: 'usage' }))
  })
})
