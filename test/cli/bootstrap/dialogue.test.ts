import { PassThrough, Writable } from 'node:stream'
import { expect, test } from 'vitest'
import { Dialogue } from '../../../src/cli/bootstrap/dialogue.ts'

const OFFER = {
  type: 'Offer',
  role: 'stock',
  expiresAt: 1_800_000_000,
  terms: null,
  required: ['name', 'email'],
  optional: [],
  inviter: '12D3KooWPsyE9JPuFPQND21mGkyrWUmU7DbyAnPzUPsPzqY1PdzR',
} as const
const LACKS = { identity: {}, cadre: [], missing: ['name', 'email'] }

function dialogue({ yes = false, isTTY = true } = {}) {
  const said: string[] = []
  const tell = (text: string): void => void said.push(text)
  const input = Object.assign(new PassThrough(), { isTTY, setRawMode: () => input })
  const write = (chunk: unknown, _encoding: string, done: () => void): void => {
    tell(String(chunk))
    done()
  }
  const streams = { input, output: Object.assign(new Writable({ write }), { isTTY }) }
  const talk = new Dialogue({ yes, warn: tell, note: tell, show: tell }, streams, 80)
  return { talk, input, text: () => said.join('\n') }
}

test('what is missing is asked for after the offer, and checked', async () => {
  const { talk, input, text } = dialogue()
  const asked = talk.complete(OFFER, LACKS)
  input.write('Bob\r')
  await expect.poll(text).toContain('Your email:')
  input.write(`${'x'.repeat(300)}\r`)
  await expect.poll(text).toContain('at most 256 characters')
  input.write('bob@example.org\r')
  expect(await asked).toEqual({ name: 'Bob', email: 'bob@example.org' })
  expect(text().indexOf(OFFER.inviter)).toBeLessThan(text().indexOf('Your name:'))
  expect(text()).toContain('taleus identity set')
})

test('the offer is shown once, and what would be disclosed again before the yes', async () => {
  const { talk, input, text } = dialogue()
  const asked = talk.complete(OFFER, { identity: {}, cadre: [], missing: ['name'] })
  input.write('Bob\r')
  await asked
  const agreed = talk.agree(OFFER, { identity: { name: 'Bob' }, cadre: [] })
  await expect.poll(text).toContain('[y/N]')
  input.write('y\r')
  expect(await agreed).toBe(true)
  expect(text().split(OFFER.inviter)).toHaveLength(2)
  expect(text()).toContain('Disclose  name=Bob')
})

test.each([
  ['a script has said yes', { yes: true }],
  ['there is no terminal', { isTTY: false }],
])('nobody is asked where %s', async (_, init) => {
  expect(await dialogue(init).talk.complete(OFFER, LACKS)).toBeUndefined()
})

test('a field that can not be disclosed is not asked for', async () => {
  const missing = ['constructor']
  expect(
    await dialogue().talk.complete(OFFER, { identity: {}, cadre: [], missing }),
  ).toBeUndefined()
})

test('^C at either question says that nothing was disclosed or used', async () => {
  const told = { code: 'interrupted', advice: 'Nothing was disclosed or used.' }
  const first = dialogue()
  const asked = first.talk.complete(OFFER, LACKS)
  first.input.write('\u0003')
  await expect(asked).rejects.toMatchObject(told)
  const second = dialogue()
  const agreed = second.talk.agree(OFFER, { identity: {}, cadre: [] })
  second.input.write('\u0003')
  await expect(agreed).rejects.toMatchObject(told)
  expect(second.text().endsWith('\n')).toBe(true)
})

test('where this party can be reached is told before the question', async () => {
  const cadre = ['/dns4/bob.example/tcp/1', '/ip4/192.0.2.7/tcp/1']
  const { talk, input, text } = dialogue()
  const agreed = talk.agree(OFFER, { identity: {}, cadre })
  await expect.poll(text).toContain('[y/N]')
  input.write('n\r')
  expect(await agreed).toBe(false)
  const [shown = ''] = text().split('Start this tally?')
  expect(shown).toContain('Disclose  your peer id, and where you can be reached\n')
  expect(shown).toContain('Cadre     /dns4/bob.example/tcp/1, /ip4/192.0.2.7/tcp/1\n')
})

test('an offer that the inviter has changed is shown anew before the question', async () => {
  const { talk, input, text } = dialogue()
  const nothing = { identity: {}, cadre: [] }
  const first = talk.agree({ ...OFFER, terms: 'one a day' }, nothing)
  await expect.poll(text).toContain('[y/N]')
  input.write('y\r')
  await first
  const second = talk.agree({ ...OFFER, terms: 'two a day' }, nothing, true)
  await expect.poll(text).toContain('two a day')
  expect(text()).toContain('has changed its offer')
  input.write('n\r')
  expect(await second).toBe(false)
})

test('a yes that was given beforehand is none to a second offer', async () => {
  const { talk, text } = dialogue({ yes: true })
  const nothing = { identity: {}, cadre: [] }
  expect(await talk.agree(OFFER, nothing)).toBe(true)
  await expect(talk.agree({ ...OFFER, terms: 'other' }, nothing, true)).rejects.toMatchObject({
    code: 'offer_changed',
  })
  expect(text()).not.toContain('other')
})
