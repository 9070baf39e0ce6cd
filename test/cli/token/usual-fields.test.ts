import { PassThrough } from 'node:stream'
import { expect, it } from 'vitest'
import { confirmFields } from '../../../src/cli/token/usual-fields.ts'

/** A terminal on which somebody types that. */
function terminal(typed: string) {
  const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => input })
  const output = Object.assign(new PassThrough({ encoding: 'utf8' }), { isTTY: true })
  input.write(`${typed}\r`)
  return { input, output, shown: () => String(output.read()) }
}

async function warnedOf(fields: readonly string[]): Promise<readonly string[]> {
  const warnings: string[] = []
  await confirmFields('--require', fields, { warn: (text) => warnings.push(text) })
  return warnings
}

it('usual fields, and those that say that they are one’s own, are neither asked about nor warned of', async () => {
  const streams = terminal('')
  const warn = expect.unreachable
  await confirmFields('--require', ['name', 'email', 'x-emial', 'x-vat'], { streams, warn })
  expect(await warnedOf(['phone', 'x-vat'])).toEqual([])
})

it('on a terminal a field that is not usual is asked about, with what may have been meant', async () => {
  const yes = terminal('y')
  await confirmFields('--require', ['emial'], { streams: yes, warn: expect.unreachable })
  expect(yes.shown()).toMatch(/did you mean email\? Require emial all the same\?/)
  const no = confirmFields('--require', ['vat'], {
    streams: terminal(''),
    warn: expect.unreachable,
  })
  await expect(no).rejects.toMatchObject({ code: 'usage' })
})

it('a script is warned, and goes on', async () => {
  const [emial = '', vat = ''] = await warnedOf(['emial', 'vat'])
  expect(emial).toMatch(/^--require: emial .*did you mean email\?$/)
  expect(vat).toMatch(/x-vat says that it is meant$/)
})
