import fc from 'fast-check'
import { base32 } from 'multiformats/bases/base32'
import { describe, expect, it } from 'vitest'
import { sha256 } from '../../../src/protocol/base/digest.ts'
import type { LinkProblem } from '../../../src/protocol/errors.ts'
import { AddressError, LinkError, LinkTooLongError } from '../../../src/protocol/errors.ts'
import type { LinkContent } from '../../../src/protocol/link/link.ts'
import {
  decodeLink,
  encodeLink,
  fitLink,
  MAX_LINK_CHARACTERS,
  toQrText,
} from '../../../src/protocol/link/link.ts'
import { linkContent } from '../../support/protocol/arbitraries.ts'

const content: LinkContent = {
  role: 'stock',
  secret: Uint8Array.from({ length: 16 }, (_, index) => index),
  expiresAt: 1_800_000_000,
  publicKey: Uint8Array.from({ length: 32 }, (_, index) => 255 - index),
  addresses: ['/ip4/192.0.2.7/tcp/4001', '/ip4/192.0.2.7/tcp/4002/ws'],
}
const link = encodeLink(content)
const relayed = { ...content, addresses: ['/ip4/192.0.2.7/tcp/4001/p2p-circuit'] }
const other = encodeLink({ ...content, role: 'foil' })
const third = encodeLink({ ...content, expiresAt: content.expiresAt + 1 })

function problemOf(text: string): LinkProblem | 'none' {
  try {
    decodeLink(text)
    return 'none'
  } catch (error) {
    if (error instanceof LinkError) return error.problem
    throw error
  }
}

function mailWith(text: string): string {
  return `From: ann@example.org\r\nSubject: taleus: an invitation\r\n\r\nHello Bob,\r\n\r\nhere it is:\r\n${text}\r\n\r\nSee you. Ann\r\n${'-- \r\nhttps://example.org\r\n'.repeat(500)}`
}

/** A link of these bytes with a checksum that matches. */
function sealed(bytes: Uint8Array): string {
  const whole = new Uint8Array(bytes.length + 4)
  whole.set(bytes)
  whole.set(sha256(bytes).subarray(0, 4), bytes.length)
  return `taleus:b${base32.baseEncode(whole)}`
}

function bytesOf(text: string): Uint8Array {
  return base32.baseDecode(text.slice('taleus:b'.length)).slice(0, -4)
}

function altered(change: (bytes: Uint8Array) => Uint8Array): string {
  return sealed(change(bytesOf(link)))
}

describe('a link', () => {
  it('has these very characters, for ever', () => {
    expect(link).toBe(
      'taleus:baiaacaqdaqcqmbyibefawdanbyhwwsosad7757p47p5pt6hx6327j47s6hyo73xn5tv6v2pi47tolzhd4lq6aaqiataaaaqhayh2ccqeyaaaebygb6rn2ayfryak4',
    )
  })

  it('with one IPv4 host on TCP and WebSockets fits the small QR code', () => {
    const widest = {
      ...content,
      addresses: ['/ip4/255.255.255.255/tcp/65535', '/ip4/255.255.255.255/tcp/65535/ws'],
    }
    expect(encodeLink(widest).length).toBeLessThanOrEqual(134)
  })

  it('gives back what was put in', () => {
    fc.assert(
      fc.property(linkContent, (original) => {
        const text = encodeLink(original)
        const decoded = decodeLink(text)
        expect({ ...decoded, addresses: [] }).toEqual({ ...original, addresses: [] })
        expect(decoded.addresses).toHaveLength(original.addresses.length)
        expect(encodeLink(decoded)).toBe(text)
      }),
    )
  })

  it.each([
    ['in upper case', (text: string) => toQrText(text)],
    ['in mixed case', (text: string) => `Taleus:${text.slice(7)}`],
    ['in double quotes', (text: string) => `"${text}"`],
    ['in single quotes', (text: string) => `'${text}'`],
    ['in English typographic quotes', (text: string) => `\u201c${text}\u201d`],
    ['in German typographic quotes', (text: string) => `\u201e${text}\u201c`],
    ['in guillemets', (text: string) => `\u00ab\u00a0${text}\u00a0\u00bb`],
    ['in angle brackets', (text: string) => `<${text}>`],
    ['with white space around', (text: string) => ` \t${text}\r\n`],
    ['in quoted lines', (text: string) => `"${text.replace(/.{40}/g, '$&\r\n  ')}"`],
    [
      'broken by soft hyphens and zero-width spaces',
      (text: string) => text.replace(/.{9}/g, '$&\u00ad\u200b'),
    ],
    ['after a byte order mark', (text: string) => `\ufeff${text}`],
    ['between direction marks', (text: string) => `\u200e\u200f${text}\u200e\u200f`],
    ['in a direction embedding', (text: string) => `\u202a${text}\u202c`],
    ['in a direction isolate', (text: string) => `\u2068${text}\u2069`],
    ['before a variation selector', (text: string) => `${text}\ufe0f`],
    ['with direction marks inside', (text: string) => text.replace(/.{9}/g, '$&\u200e')],
    ['with white space in its scheme', (text: string) => `tal\n${text.slice(3)}`],
    ['before a full stop', (text: string) => `${text}.`],
    ['before a comma and words', (text: string) => `${text}, see you`],
    ['before words that could be more of it', (text: string) => `${text}\nsee you soon`],
    ['as a Markdown link', (text: string) => `[our tally](${text})`],
    ['as a Markdown link of itself', (text: string) => `[${text}](${text})`],
    [
      'as a Markdown link that shows its beginning',
      (text: string) => `[${text.slice(0, 20)}…](${text})`,
    ],
    ['as Markdown code', (text: string) => `\`\`\`\n${text}\n\`\`\``],
    ['in bold', (text: string) => `**${text}**`],
    ['in HTML', (text: string) => `<a href="${text}">${text}</a>`],
    ['twice, in either case', (text: string) => `${text}\n${toQrText(text)}`],
    ['in a mail', (text: string) => mailWith(text)],
    ['in a mail that breaks it', (text: string) => mailWith(text.replace(/.{60}/g, '$&\r\n'))],
    [
      'in a mail that was answered',
      (text: string) => mailWith(text.replace(/.{60}/g, '$&\n')).replaceAll('\n', '\n> '),
    ],
    ['in a quoted-printable mail', (text: string) => mailWith(text.replace(/.{60}/g, '$&=\r\n'))],
  ])('is read %s', (_how, write) => {
    expect(decodeLink(write(link))).toEqual(content)
  })

  it.each<[LinkProblem, string]>([
    ['empty', ''],
    ['empty', ' \n"" '],
    ['not_a_link', 'https://example.org/'],
    ['not_a_link', link.slice(1)],
    ['not_a_link', link.replace('taleus', 'ta1eus')],
    ['truncated', 'taleus:'],
    ['truncated', 'taleus:b'],
    ['truncated', link.slice(0, 40)],
    ['truncated', link.slice(0, -1)],
    ['truncated', link.slice(0, -5)],
    ['bad_character', link.replace('taleus:b', 'taleus:z')],
    ['bad_character', `${link.slice(0, 30)}0${link.slice(31)}`],
    ['bad_character', `${link.slice(0, 30)}\u00e9${link.slice(31)}`],
    ['bad_character', `${link}=`],
    ['bad_character', link.replace('taleus:', 'taleus://')],
    ['mistyped', `${link.slice(0, 30)}${link[30] === 'a' ? 'b' : 'a'}${link.slice(31)}`],
    ['too_long', `taleus:b${'a'.repeat(MAX_LINK_CHARACTERS)}`],
    ['too_long', ' '.repeat(1_000_000)],
  ])('that is not one is refused as %s', (problem, text) => {
    expect(problemOf(text)).toBe(problem)
  })

  it.each([
    [2, [link, other]],
    [3, [link, other, link, third]],
    [2, [link, other.slice(0, 60)]],
    [2, [link.slice(0, 60), other.slice(0, 60)]],
  ])('that is not the only one is refused: %i', (count, links) => {
    for (const text of [links.join('\n'), mailWith(links.join(', or '))]) {
      expect(() => decodeLink(text)).toThrow(
        expect.objectContaining({
          code: 'link_malformed',
          problem: 'several',
          message: `${count} different links are in this text: give one of them`,
        }),
      )
    }
  })

  it.each<[LinkProblem, string]>([
    ['truncated', link.slice(0, 60)],
    ['mistyped', `${link.slice(0, 30)}${link[30] === 'a' ? 'b' : 'a'}${link.slice(31)}`],
    ['bad_character', `${link.slice(0, 30)}0${link.slice(31)}`],
  ])('that is damaged and alone in a mail is refused as %s', (problem, damaged) => {
    expect(problemOf(mailWith(`<${damaged}>`))).toBe(problem)
  })

  it('with something behind its end is refused, sealed or not', () => {
    const more = new Uint8Array([...base32.baseDecode(link.slice(8)), 0, 0])
    expect(problemOf(`taleus:b${base32.baseEncode(more)}`)).toBe('trailing_bytes')
    expect(problemOf(altered((bytes) => new Uint8Array([...bytes, 0])))).toBe('trailing_bytes')
  })

  it('in a second spelling of the same bytes is refused', () => {
    // 78 bytes fill 124.8 characters: the last one has a spare bit, which must be zero.
    const alphabet = 'abcdefghijklmnopqrstuvwxyz234567'
    const last = alphabet.indexOf(link.at(-1) ?? '')
    expect(problemOf(link.slice(0, -1) + alphabet.charAt(last + 1))).toBe('non_canonical')
  })

  it('of a newer version says so, and only if it is whole', () => {
    const newer = altered((bytes) => bytes.with(0, 4 << 1))
    expect(() => decodeLink(newer)).toThrow(
      expect.objectContaining({ code: 'link_newer', problem: 'newer' }),
    )
    const damaged = `${newer.slice(0, 30)}${newer[30] === 'a' ? 'b' : 'a'}${newer.slice(31)}`
    expect(problemOf(damaged)).toBe('mistyped')
  })

  it('is of version 1 unless it names a relay, so that those who know no relays can read it', () => {
    expect((bytesOf(link)[0] ?? 0) >> 1).toBe(1)
    expect((bytesOf(encodeLink(relayed))[0] ?? 0) >> 1).toBe(2)
    expect(decodeLink(encodeLink(relayed))).toEqual(relayed)
    const both = { ...content, addresses: [...content.addresses, ...relayed.addresses] }
    expect(decodeLink(encodeLink(both))).toEqual(both)
  })

  it('of a version that its addresses do not have is refused', () => {
    expect(problemOf(altered((bytes) => bytes.with(0, 2 << 1)))).toBe('version')
    expect(problemOf(sealed(bytesOf(encodeLink(relayed)).with(0, 1 << 1)))).toBe('version')
  })

  it('of version zero is refused', () => {
    expect(problemOf(altered((bytes) => bytes.with(0, 0)))).toBe('version')
  })

  it.each([
    ['an unknown protocol', [127]],
    ['no host', [6, 15, 161]],
    ['two hosts', [4, 1, 2, 3, 4, 4, 1, 2, 3, 4]],
    ['half a port', [4, 1, 2, 3, 4, 6, 15]],
    ['a protocol number in more bytes than needed', [0x84, 0, 1, 2, 3, 4]],
    ['a protocol number in more bytes than needed, and the rest in step', [0x84, 0, 1, 2, 3]],
    ['a host name in capitals', [53, 1, 65]],
    ['something behind a relay', [4, 1, 2, 3, 4, 6, 1, 2, 0xa2, 2, 6, 1, 2]],
    ['a relay without a host', [0xa2, 2]],
    ['a host name with a control character', [53, 2, 97, 27]],
    ['nothing', []],
  ])('with an address of %s is refused', (_what, address) => {
    const head = bytesOf(encodeLink({ ...content, addresses: [] })).slice(0, -1)
    const text = sealed(new Uint8Array([...head, 1, address.length, ...address]))
    expect(problemOf(text)).toBe('address')
  })

  it('with a count of addresses beyond the bound is refused', () => {
    const head = bytesOf(encodeLink({ ...content, addresses: [] })).slice(0, -1)
    expect(problemOf(sealed(new Uint8Array([...head, 17])))).toBe('address')
  })

  it('never shows in an error, nor does its secret', () => {
    const texts = [
      link.slice(0, -1),
      `${link}=`,
      link.slice(3),
      `${link.slice(0, -3)}aaa`,
      `${link} ${other}`,
    ]
    for (const text of texts) {
      try {
        decodeLink(text)
        expect.unreachable()
      } catch (error) {
        const shown = error instanceof Error ? `${error.stack}${JSON.stringify(error)}` : ''
        expect(shown).toContain('LinkError')
        expect(shown).not.toContain(text.slice(10, 18))
        expect(error).not.toHaveProperty('cause')
      }
    }
  })
})

describe('any change of one character', () => {
  const characters = fc.oneof(
    fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz234567ABCXYZ0189:-_ \n"'),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
  )

  it('is refused, or leaves the same invitation', () => {
    fc.assert(
      fc.property(
        linkContent,
        fc.nat(),
        characters,
        fc.nat(1),
        (original, where, character, cut) => {
          const text = encodeLink(original)
          const at = where % (text.length + 1)
          const changed = text.slice(0, at) + character + text.slice(at + cut)
          if (problemOf(changed) === 'none') expect(encodeLink(decodeLink(changed))).toBe(text)
        },
      ),
      { numRuns: 2_000 },
    )
  })

  it('that leaves something out, or swaps neighbours, is refused', () => {
    for (let at = 0; at < link.length; at++) {
      const [here = '', next = ''] = link.slice(at, at + 2)
      expect(problemOf(link.slice(0, at) + link.slice(at + 1))).not.toBe('none')
      if (here !== next && next !== '') {
        expect(problemOf(link.slice(0, at) + next + here + link.slice(at + 2))).not.toBe('none')
      }
    }
  })
})

describe('encoding a link', () => {
  it.each<[string, Partial<LinkContent>]>([
    ['a short secret', { secret: new Uint8Array(15) }],
    ['a long key', { publicKey: new Uint8Array(33) }],
    ['an expiry with a fraction', { expiresAt: 1.5 }],
    ['an expiry in the far future', { expiresAt: 2 ** 32 }],
    ['an expiry before the epoch', { expiresAt: -1 }],
    ['too many addresses', { addresses: Array<string>(17).fill('/ip4/192.0.2.7/tcp/1') }],
  ])('refuses %s', (_what, part) => {
    expect(() => encodeLink({ ...content, ...part })).toThrow(RangeError)
  })

  it('refuses an address with a peer id', () => {
    const addresses = ['/ip4/192.0.2.7/tcp/1/p2p/12D3KooWQ1']
    expect(() => encodeLink({ ...content, addresses })).toThrow(AddressError)
  })

  it('refuses more addresses than a link can hold', () => {
    const addresses = Array.from(
      { length: 16 },
      (_, at) => `/dns/${'a'.repeat(60)}.${'b'.repeat(60)}.x${at}/tcp/1`,
    )
    expect(() => encodeLink({ ...content, addresses })).toThrow(LinkTooLongError)
  })
})

describe('fitting a link', () => {
  const addresses = Array.from({ length: 20 }, (_, at) => `/ip4/192.0.2.${at}/tcp/4001`)

  it('drops nothing when all fits', () => {
    expect(fitLink(content, 134)).toEqual({ link, dropped: [] })
  })

  it('drops addresses from the last one on, as few as possible', () => {
    const { link: fitted, dropped } = fitLink({ ...content, addresses }, 200)
    const kept = decodeLink(fitted).addresses
    expect(fitted.length).toBeLessThanOrEqual(200)
    expect([...kept, ...dropped.toReversed()]).toEqual(addresses)
    const oneMore = addresses.slice(0, kept.length + 1)
    expect(encodeLink({ ...content, addresses: oneMore }).length).toBeGreaterThan(200)
  })

  it('never drops the first address', () => {
    expect(() => fitLink({ ...content, addresses }, 100)).toThrow(LinkTooLongError)
  })
})
