import { createReadStream } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { type LinkSources, readLink } from '../../../src/cli/link/read-link.ts'
import { writeQrFile } from '../../../src/cli/qr/qr-file.ts'
import { decodeLink, encodeLink } from '../../../src/protocol/link/link.ts'
import { temporaryDirectory } from '../../support/cli/temporary-directory.ts'

const LINK = `taleus:b${'abcdefghij234567'.repeat(6)}`
const INVITATION = encodeLink({
  role: 'stock',
  secret: new Uint8Array(16),
  expiresAt: 1_800_000_000,
  publicKey: new Uint8Array(32),
  addresses: ['/ip4/192.0.2.7/tcp/4001'],
})

async function read(sources: LinkSources, input: string | Buffer = ''): Promise<string> {
  const stdin = new PassThrough()
  stdin.end(input)
  return readLink(sources, stdin)
}

describe('a link', () => {
  it('is read from the argument', async () => {
    expect(await read({ argument: ` ${LINK} ` })).toBe(LINK)
  })

  it('is read from standard input, however slowly it comes', async () => {
    const stdin = new PassThrough()
    const reading = readLink({ argument: '-' }, stdin)
    for (const piece of [LINK.slice(0, 9), LINK.slice(9, 60), `${LINK.slice(60)}\n`]) {
      await new Promise((resolve) => setTimeout(resolve, 20))
      stdin.write(piece)
    }
    stdin.end()
    expect(await reading).toBe(LINK)
  })

  it('is read from a file', async () => {
    const path = join(await temporaryDirectory(), 'link.txt')
    await writeFile(path, `\n${LINK}\r\n`)
    expect(await read({ linkFile: path })).toBe(LINK)
  })

  it('is read from a mail, of which nothing else counts', async () => {
    const path = join(await temporaryDirectory(), 'mail.txt')
    const mail = `Hello,\r\n\r\n<${INVITATION.replace(/.{60}/g, '$&\r\n')}>.\r\n\r\n${'Bye! '.repeat(10_000)}`
    await writeFile(path, mail)
    expect(encodeLink(decodeLink(await read({ linkFile: path })))).toBe(INVITATION)
    expect(encodeLink(decodeLink(await read({ argument: '-' }, mail)))).toBe(INVITATION)
  })

  it('is read from a picture', async () => {
    const path = join(await temporaryDirectory(), 'link.png')
    await writeQrFile(path, LINK.toUpperCase())
    expect(await read({ qrImage: path })).toBe(LINK.toUpperCase())
  })

  it.each([{}, { argument: LINK, linkFile: 'x' }, { argument: '-', qrImage: 'x' }])(
    'must come from one place: %o',
    async (sources) => {
      await expect(read(sources)).rejects.toThrow('give the link once')
    },
  )

  it('that is too much, or nothing, is refused', async () => {
    await expect(read({ argument: '-' }, Buffer.alloc(70_000, 97))).rejects.toThrow('larger than')
    await expect(read({ argument: '-' }, ' \n')).rejects.toThrow('is empty')
    await expect(readLink({ argument: '-' }, createReadStream('/dev/zero'))).rejects.toThrow(
      'larger',
    )
    await expect(read({ linkFile: '/dev/zero' })).rejects.toThrow('larger than 64 KiB')
    await expect(read({ linkFile: join(await temporaryDirectory(), 'no') })).rejects.toThrow(
      'there is no such file',
    )
  })
})
