import { PassThrough } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { canvasOf, fitQr, printQr } from '../../../src/cli/qr/print-qr.ts'
import { mint } from '../../../src/service/invitations/mint.ts'

const PEER = '12D3KooWEMH9NxF7YVogsECNoxdgda5VpRxHdtbgDafxXHPTv9tp'
const ADDRESSES = [
  '/ip4/192.0.2.7/tcp/4710',
  '/ip4/192.0.2.7/tcp/4711/ws',
  '/ip6/2001:db8::7/tcp/4710',
  '/ip6/2001:db8::8/tcp/4710',
  '/ip6/2001:db8::9/tcp/4710',
]

/** A terminal of this size that shows nothing. */
function terminal(columns: number, rows: number): NodeJS.WriteStream {
  const stream = Object.assign(new PassThrough(), { isTTY: true, columns, rows })
  return stream as unknown as NodeJS.WriteStream
}

function formsWith(count: number) {
  return formsOf(ADDRESSES.slice(0, count))
}

function formsOf(addresses: readonly string[]) {
  const grant = { role: 'stock', uses: 1, required: [], optional: [], terms: null } as const
  return mint(grant, { peerId: PEER, addresses, expiresAt: Date.now() + 60_000 }).qrForms()
}

describe('the QR code of a link', () => {
  beforeEach(() => {
    vi.stubEnv('LC_ALL', 'C.UTF-8')
    vi.stubEnv('NO_COLOR', undefined)
    vi.stubEnv('TERM', 'xterm-256color')
  })
  afterEach(() => {
    vi.unstubAllEnvs()
  })

  it('of one IPv4 host on TCP and WebSockets fits 80 by 24 with all of it', async () => {
    const fitted = await fitQr(formsWith(2), terminal(80, 24))
    expect(fitted?.dropped).toEqual([])
    expect(fitted?.lines.length).toBeLessThanOrEqual(22)
  })

  it.each([
    ['/dns4/relay.of.example.org/tcp/443/tls/ws/p2p-circuit', '/ip4/255.255.255.255/tcp/65535'],
    ['/ip4/255.255.255.255/tcp/65535/p2p-circuit', '/ip6/2001:db8::7/tcp/4710'],
  ])('with the relay %s and a direct address fits 80 by 24', async (relay, direct) => {
    const fitted = await fitQr(formsOf([relay, direct]), terminal(80, 24))
    expect(fitted?.dropped).toEqual([])
    expect(fitted?.lines.length).toBeLessThanOrEqual(22)
  })

  it('leaves out the last addresses, and no more than it has to', async () => {
    expect((await fitQr(formsWith(5), terminal(80, 24)))?.dropped).toEqual(ADDRESSES.slice(3))
    expect((await fitQr(formsWith(5), terminal(120, 50)))?.dropped).toEqual([])
  })

  it('is not shown where not even one address fits', async () => {
    expect(await fitQr(formsWith(3), terminal(40, 10))).toBeUndefined()
  })

  it('that is too long for any code fails without throwing', async () => {
    const form = { text: 'A'.repeat(5000), dropped: [] }
    expect(await fitQr([form], process.stderr)).toBeUndefined()
  })

  it('is printed line by line, the last one ended too', async () => {
    const stream = new PassThrough()
    printQr({ lines: ['██', '▀▀'], dropped: [] }, stream as unknown as NodeJS.WriteStream)
    expect(String(stream.read())).toBe('██\n▀▀\n')
  })
})

describe('what the terminal can show', () => {
  const stream = Object.assign(Object.create(process.stderr), {
    isTTY: true,
    columns: 80,
    rows: 24,
  })

  it.each([
    [{ LANG: 'en_GB.UTF-8' }, true],
    [{ LC_ALL: 'C.utf8', LANG: 'C' }, true],
    [{ LC_ALL: 'C', LANG: 'en_GB.UTF-8' }, false],
    [{ LC_ALL: '', LC_CTYPE: 'de_DE.ISO-8859-1' }, false],
  ])('half blocks in the locale %o: %s', (env, unicode) => {
    expect(canvasOf(stream, env)).toEqual({ columns: 80, rows: 24, unicode, color: true })
  })

  it('no colours when NO_COLOR is set or the terminal is dumb', () => {
    expect(canvasOf(stream, { NO_COLOR: '1' }).color).toBe(false)
    expect(canvasOf(stream, { TERM: 'dumb' }).color).toBe(false)
  })
})
