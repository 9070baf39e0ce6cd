import { PassThrough, Writable } from 'node:stream'
import { expect, test } from 'vitest'
import { askLink } from '../../../src/cli/link/ask-link.ts'
import { readLink } from '../../../src/cli/link/read-link.ts'
import { decodeLink, encodeLink } from '../../../src/protocol/link/link.ts'

const LINK = encodeLink({
  role: 'stock',
  secret: new Uint8Array(16),
  expiresAt: 1_800_000_000,
  publicKey: new Uint8Array(32),
  addresses: ['/ip4/192.0.2.7/tcp/4001'],
})

function terminal() {
  let shown = ''
  const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => input })
  const write = (chunk: unknown, _encoding: string, done: () => void): void => {
    shown += String(chunk)
    done()
  }
  const output = Object.assign(new Writable({ write }), { isTTY: true })
  return { input, output, shown: () => shown }
}

async function pasted(text: string) {
  const streams = terminal()
  const asked = askLink(streams)
  streams.input.write(text)
  const link = await asked
  return { link, shown: streams.shown() }
}

test('a pasted link is taken, and is not on the screen', async () => {
  const { link, shown } = await pasted(`${LINK}\r`)
  expect(link).toBe(LINK)
  expect(shown).toContain('Paste the link')
  expect(shown).not.toContain(LINK.slice(8, 30))
})

test('a link that a mail program broke into lines is taken whole', async () => {
  const { link } = await pasted(`${LINK.replace(/.{60}/g, '$&\r')}\r`)
  expect(encodeLink(decodeLink(link))).toBe(LINK)
})

test('after what is no link it is asked again, and an empty line gives up', async () => {
  const streams = terminal()
  const asked = askLink(streams)
  streams.input.write('hello\r')
  await expect.poll(streams.shown).toContain('no whole link yet')
  streams.input.write('\r')
  await expect(asked).rejects.toMatchObject({ code: 'link_malformed' })
})

test('^C gives up, on a line of its own', async () => {
  const streams = terminal()
  const asked = askLink(streams)
  streams.input.write('\u0003')
  await expect(asked).rejects.toMatchObject({ code: 'interrupted', advice: 'Nothing was done.' })
  expect(streams.shown().endsWith('\n')).toBe(true)
})

test('a command without a link asks a person for it, and tells a program that it needs one', async () => {
  const { input, output } = terminal()
  const reading = readLink({}, input, output)
  input.write(`${LINK}\r`)
  expect(await reading).toBe(LINK)
  const program = readLink({}, Object.assign(new PassThrough(), { isTTY: false }), output)
  await expect(program).rejects.toMatchObject({ code: 'usage' })
})
