import { describe, expect, test } from 'vitest'
import { leafletOf, type PageContent, posterOf } from '../../../src/cli/page/invitation-page.ts'

const CONTENT: PageContent = {
  id: 'dvcl3xaaymuvouyt',
  link: `taleus:b${'abcdefghij234567'.repeat(7)}`,
  code: '<svg></svg>',
  name: 'Alice',
  peerId: '12D3KooWPsyE9JPuFPQND21mGkyrWUmU7DbyAnPzUPsPzqY1PdzR',
  role: 'stock',
  uses: 1,
  expiresAt: Date.UTC(2026, 11, 1, 1, 38, 41),
  required: ['name', 'email'],
  nearReach: undefined,
}

describe('the page of an invitation', () => {
  test('says who invites, the reader’s part, how often, until when, what is asked, and the link', () => {
    const page = leafletOf(CONTENT)
    expect(page).toContain('<h1>Alice invites you to start a tally</h1>')
    expect(page).toContain('You are normally the one who owes, and Alice is owed')
    expect(page).toContain('once, until <time datetime="2026-12-01T01:38:41.000Z">')
    expect(page).toContain('your name, email')
    expect(page).toContain(`>${CONTENT.link}</code>`)
    expect(page).toContain(CONTENT.peerId)
    expect(page).toContain('it is good once')
  })

  test('of a party without a name speaks of the inviter', () => {
    const page = leafletOf({ ...CONTENT, name: undefined, role: 'foil', uses: null })
    expect(page).toContain('<h1>You are invited to start a tally</h1>')
    expect(page).toContain('You are normally the one who is owed, and the inviter owes')
    expect(page).toContain('as often as anyone likes')
    expect(page).not.toContain('it is good once')
  })

  test('says so if only who is near can use it', () => {
    expect(leafletOf(CONTENT)).not.toContain('Where')
    const nearReach = 'works only on this network'
    expect(leafletOf({ ...CONTENT, nearReach })).toContain(
      'It works only on this network, seen from the inviter’s computer',
    )
  })

  test('leads to the page of a link that has one', () => {
    const link = `https://example.org/t#${CONTENT.link}`
    expect(leafletOf({ ...CONTENT, link })).toContain(
      `<a href="${link}" rel="noreferrer">${link}</a>`,
    )
  })

  test('has no script, and loads nothing', () => {
    for (const page of [leafletOf(CONTENT), posterOf(CONTENT)]) {
      expect(page).not.toMatch(
        /<script|<link|<img|<iframe|\ssrc=|\shref=|url\(|@import|javascript:/i,
      )
    }
  })
})

test('a poster has the code, and no link to type off', () => {
  const poster = posterOf(CONTENT)
  expect(poster).toContain(CONTENT.code)
  expect(poster).not.toContain(CONTENT.link)
  expect(poster).toContain('taleus bootstrap')
})
