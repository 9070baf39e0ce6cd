import { PassThrough, Writable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { askYesNo } from '../../../src/cli/input/ask.ts'

function terminal({ isTTY }: { readonly isTTY: boolean }) {
  const input = Object.assign(new PassThrough(), { isTTY, setRawMode: () => input })
  const output = Object.assign(new Writable({ write: (_chunk, _encoding, done) => done() }), {
    isTTY,
  })
  return { input, output }
}

async function answered(typed: string): Promise<boolean> {
  const streams = terminal({ isTTY: true })
  const asked = askYesNo('Go on?', streams)
  streams.input.write(typed)
  return asked
}

describe('a question', () => {
  it.each([
    ['y\r', true],
    ['YES\r', true],
    ['n\r', false],
    ['\r', false],
    ['maybe\ry\r', true],
  ])('answered with %j is %s', async (typed, answer) => {
    expect(await answered(typed)).toBe(answer)
  })

  it('is not asked without a terminal', async () => {
    const asked = askYesNo('Go on?', terminal({ isTTY: false }))
    await expect(asked).rejects.toMatchObject({ code: 'not_interactive' })
  })

  it('that is interrupted is no answer', async () => {
    await expect(answered('\u0003')).rejects.toMatchObject({ code: 'interrupted' })
  })

  it('whose terminal is closed is answered with no', async () => {
    expect(await answered('\u0004')).toBe(false)
  })
})
