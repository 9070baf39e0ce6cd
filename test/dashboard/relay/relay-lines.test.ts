import { expect, test } from 'vitest'
import { relayLines } from '../../../src/dashboard/relay/relay-lines.ts'
import type { RelayPicture } from '../../../src/dashboard/relay/relay-picture.ts'
import { ASCII_GLYPHS, UTF8_GLYPHS } from '../../../src/dashboard/text/glyphs.ts'
import { lineWidth } from '../../../src/dashboard/text/span.ts'

const NOW = Date.UTC(2026, 10, 30)

function picture(changes: Partial<RelayPicture> = {}): RelayPicture {
  return {
    now: NOW,
    startedAt: NOW - 60_000,
    peerId: '12D3KooWaaaaaaaaRelay111',
    addresses: ['/ip4/192.0.2.1/tcp/4720', '/ip4/192.0.2.1/tcp/4721/ws'],
    access: 'anybody',
    reservations: { inUse: 40, capacity: 1_024 },
    circuits: { inUse: 1, capacity: 256 },
    reserved: 50,
    joined: 12,
    refused: 3,
    bytes: '1.5MiB',
    memory: '98MiB',
    places: Array.from({ length: 40 }, (_, at) => ({
      peer: `12D3KooWaaaa${`Peer${at}`.padStart(8, 'x')}`,
      address: `/ip4/198.51.100.${at}/tcp/4001`,
      since: NOW - at * 1_000,
      circuits: at === 0 ? 1 : 0,
    })),
    news: Array.from({ length: 100 }, (_, at) => `12:00:00 news ${at}`),
    ...changes,
  }
}

const SIZES = [
  [80, 24],
  [40, 10],
  [200, 60],
  [20, 4],
  [10, 2],
] as const

test.each(SIZES)(
  'on %i by %i it fills the screen but for the last line, and no line is too wide',
  (columns, rows) => {
    for (const glyphs of [UTF8_GLYPHS, ASCII_GLYPHS]) {
      for (const each of [
        picture(),
        picture({ places: [], news: [] }),
        picture({ drainMs: 5_000 }),
      ]) {
        const lines = relayLines(each, { columns, rows, glyphs, scroll: 0 })
        expect(lines).toHaveLength(rows - 1)
        expect(Math.max(...lines.map(lineWidth))).toBeLessThanOrEqual(columns)
      }
    }
  },
)

function texts(shown: RelayPicture, scroll = 0): string[] {
  const lines = relayLines(shown, { columns: 80, rows: 24, glyphs: UTF8_GLYPHS, scroll })
  return lines.map((line) =>
    line
      .map(({ text }) => text)
      .join('')
      .trimEnd(),
  )
}

test('it shows the busiest places, the newest news, and how to stop', () => {
  const lines = texts(picture())
  expect(lines[0]).toMatch(
    /^taleus relay …Relay111 {2}40 of 1024 places {2}1 of 256 circuits +up 60s$/,
  )
  expect(lines[5]).toBe('peer      circuits  held   from  1 to 7 of 40')
  expect(lines[6]).toBe('…xxxPeer0 1         0.0s   /ip4/198.51.100.0/tcp/4001')
  expect(lines.at(-2)).toBe('12:00:00 news 99')
  expect(lines.at(-1)).toBe('q stop  arrows scroll')
})

test('the places scroll, and no further than to the last one', () => {
  expect(texts(picture(), 5)[6]).toContain('Peer5')
  expect(texts(picture(), 999)[12]).toContain('Peer39')
})

test('while it stops it counts down', () => {
  expect(texts(picture({ drainMs: 4_200 })).at(-1)).toBe(
    'stopping: 1 circuits, up to 5s more; ^C again to leave now',
  )
})
