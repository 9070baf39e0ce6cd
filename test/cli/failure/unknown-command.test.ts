import { describe, expect, it } from 'vitest'
import { unknownCommand } from '../../../src/cli/failure/unknown-command.ts'

const COMMANDS = ['bootstrap', 'listen', 'token:create', 'token:list', 'audit:verify']

describe('an unknown command', () => {
  it.each([
    ['lisen', 'Did you mean `taleus listen`?'],
    ['token:crate', 'Did you mean `taleus token create`?'],
    // A name that goes on after what was typed is one change away.
    ['boot', 'Did you mean `taleus bootstrap`?'],
    ['TALEUS:BMFRGG', 'did you mean `taleus bootstrap`, which asks for it?'],
  ])('%s is told with the nearest name', (typed, hint) => {
    const { code, message } = unknownCommand(typed, COMMANDS)
    expect(code).toBe('unknown_command')
    expect(message).toContain(hint)
  })

  it.each(['x', 'frobnicate'])('%s, with nothing near, is told without a hint', (typed) => {
    expect(unknownCommand(typed, COMMANDS).message).toBe(`There is no command \`${typed}\`.`)
  })

  it('that is one with a word too many is told as such', () => {
    expect(unknownCommand('listen:now', COMMANDS)).toMatchObject({
      code: 'usage',
      message: '`taleus listen` takes no further words',
    })
  })
})
