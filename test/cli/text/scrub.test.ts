import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { scrub } from '../../../src/cli/text/scrub.ts'

const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567'
const body = fc.string({ unit: fc.constantFrom(...BASE32), minLength: 90, maxLength: 200 })

describe('a text that leaves the process', () => {
  it('never has a link in it, nor a piece of one, in either case, anywhere', () => {
    const around = fc.string({ maxLength: 20 })
    fc.assert(
      fc.property(body, fc.boolean(), around, around, (text, upper, before, after) => {
        const link = upper ? `TALEUS:B${text}`.toUpperCase() : `taleus:b${text}`
        const scrubbed = scrub(`${before}"${link}" ${after}`).toLowerCase()
        for (let at = 0; at + 20 <= text.length; at += 10) {
          expect(scrubbed).not.toContain(text.slice(at, at + 20))
        }
      }),
    )
  })

  it('has no link in it where a mail program broke the link into lines', () => {
    fc.assert(
      fc.property(body, fc.constantFrom('\n', '\r\n', '\n> '), (text, wrap) => {
        const wrapped = `taleus:b${text.slice(0, 40)}${wrap}${text.slice(40, 80)}${wrap}${text.slice(80)}`
        expect(scrub(wrapped)).not.toContain(text.slice(85, 90))
      }),
    )
  })

  it.each([
    ['link taleus:bmfrggzdf is not', 'link taleus:… is not'],
    ['can’t look at /data/taleus: EACCES', 'can’t look at /data/taleus: EACCES'],
    [`taleus:\n  b${BASE32} is not`, 'taleus:… is not'],
    ['"secret":"AbCdEfGhIjKlMnOpQrStUv"', '"secret":"…"'],
    ['Unexpected argument: stock.AbCdEfGhIjKlMnOpQrStUv', 'Unexpected argument: stock.…'],
    ['{ "token": "a-word" }', '{ "token": "…" }'],
    ['postgres://shop:hunter2@db/x', 'postgres://shop:…@db/x'],
    ['taleus-private-key-1 CAESQ abcd', 'taleus-private-key… abcd'],
  ])('has no secret of another kind in it: %s', (text, scrubbed) => {
    expect(scrub(text)).toBe(scrubbed)
  })

  it.each([
    '12D3KooWFDo4ixe3kJ8nCJuRChqKc6Rh1DtxryjdsNm1U5VS3441',
    '/ip4/192.0.2.7/tcp/4710',
    'the store /home/alice/.local/share/taleus/taleus.db is damaged',
    'sha256 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  ])('keeps what is no secret: %s', (text) => {
    expect(scrub(text)).toBe(text)
  })

  it('is done in time that grows with its length only', () => {
    const started = performance.now()
    scrub('taleus:'.repeat(20_000))
    scrub(`taleus:${'a'.repeat(200_000)}`)
    scrub(`${'a'.repeat(100_000)}-`)
    // A bound for a hang: backtracking would take minutes.
    expect(performance.now() - started).toBeLessThan(10_000)
  })
})
