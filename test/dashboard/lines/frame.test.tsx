import fc from 'fast-check'
import { renderToString } from 'ink'
import { describe, expect, it } from 'vitest'
import { EMPTY_BOARD } from '../../../src/dashboard/board/board.ts'
import { foldEvents } from '../../../src/dashboard/board/fold.ts'
import { FIRST_UI, type UiState } from '../../../src/dashboard/board/ui-state.ts'
import { frameLines, type Scene } from '../../../src/dashboard/lines/frame.ts'
import { Screenful } from '../../../src/dashboard/Screenful.tsx'
import { textWidth } from '../../../src/dashboard/text/fit.ts'
import { ASCII_GLYPHS, UTF8_GLYPHS } from '../../../src/dashboard/text/glyphs.ts'
import type { Line } from '../../../src/dashboard/text/span.ts'
import { FEED_WORDS } from '../../../src/service/feed/feed-words.ts'
import { busyBoard, moved, ready, stamped, T0 } from '../scenario.ts'

function screenOf(columns: number, rows: number, glyphs = UTF8_GLYPHS) {
  return { columns, rows, glyphs, now: T0 + 2_500, words: FEED_WORDS, isListeners: false }
}

function sceneOf(ui: Partial<UiState> = {}): Scene {
  return { board: busyBoard(), ui: { ...FIRST_UI, ...ui }, note: undefined, details: undefined }
}

/** What is on the screen, as Ink draws it. Times of day depend on where one is. */
function drawn(lines: readonly Line[], columns: number): string {
  const text = renderToString(<Screenful lines={lines} />, { columns })
  return text.replace(/\u001b\[[0-9;]*m/g, '').replace(/\b\d\d:\d\d:\d\d\b/g, 'hh:mm:ss')
}

function dayOf(at: number) {
  const date = new Date(at)
  const two = (part: number) => String(part).padStart(2, '0')
  return {
    year: date.getFullYear(),
    month: two(date.getMonth() + 1),
    day: two(date.getDate()),
  }
}

const DETAILS = {
  identity: { name: 'Bob Marsh', email: 'bob@example.org' },
  transitions: [
    { from: 'CREATED', to: 'READING_REQUEST', at: T0 + 1_001, ms: 1 },
    { from: 'READING_REQUEST', to: 'VALIDATING_TOKEN', at: T0 + 1_500, ms: 499 },
    { from: 'VALIDATING_TOKEN', to: 'VALIDATING_IDENTITY', at: T0 + 2_000, ms: 498.5 },
  ],
}

describe('a frame', () => {
  it.each([
    [80, 24],
    [120, 40],
    [40, 10],
  ])('of the sessions at %i×%i', (columns, rows) => {
    const frame = frameLines(sceneOf({ chosen: 'bbbb2222' }), screenOf(columns, rows))
    expect(drawn(frame, columns)).toMatchSnapshot()
  })

  it.each([
    [{ outside: 'proven' as const }, 'reachable directly, proven from outside'],
    [
      { outside: 'failed' as const, problem: 'could not connect' },
      'not reachable directly: a relay could not connect',
    ],
  ])('tells what a try from outside has proven: %j', (told, words) => {
    const { health = { rssBytes: 1, lagMs: 0 }, ...board } = busyBoard()
    const proof = { by: 'self' as const, triedAt: T0, ...told }
    const scene = {
      ...sceneOf(),
      board: { ...board, reached: undefined, health: { ...health, proof } },
    }
    expect(drawn(frameLines(scene, screenOf(120, 24)), 120)).toContain(words)
  })

  it('tells who waits for a yes or no, each name in quotes, and who has asked as no failure', () => {
    const { health = { rssBytes: 1, lagMs: 0 }, ...board } = busyBoard()
    const oldest = [
      { id: 'k4b2nd7q6hwz', peerId: '12D3KooWBob', peerName: 'Bob, 9 more' },
      { id: 'n0name00xxxx', peerId: '12D3KooWSomebody' },
    ]
    const asked = moved('gggg7777', 'FAILED', T0 + 2_200, { reason: 'pending' })
    const waits = { ...board, health: { ...health, waiting: { count: 7, oldest } } }
    const scene = { ...sceneOf(), board: foldEvents(waits, stamped(T0 + 2_200, asked)) }
    const text = drawn(frameLines(scene, screenOf(120, 40)), 120)
    expect(text).toContain('7 to say yes or no to: k4b2nd7q "Bob, 9 more", n0name00 Somebody, …')
    expect(text).toContain('? asked: waiting for a yes or no')
    expect(text).toContain('? 1 asked')
    expect(text).toContain(`${busyBoard().totals.failed} failed`)
  })

  it('tells in the trail of a request that waits: not that it failed, and until which day', () => {
    const at = T0 + 2_200
    const record = {
      v: 2 as const,
      seq: 814,
      type: 'state' as const,
      severity: 'info' as const,
      at,
    }
    const path = ['CREATED', 'ASKING_INVITER', 'FAILED']
    const until = at + 7 * 86_400_000
    const asked = [
      { data: { side: 'listener', path, reason: 'pending' } },
      { type: 'token' as const, data: { event: 'pending', until } },
      { type: 'token' as const, data: { event: 'approved', until: at + 1 } },
    ].map((each, index) => ({
      type: 'audit' as const,
      record: { ...record, monotonic: index, ...each, seq: 814 + index },
    }))
    const scene = { ...sceneOf(), board: foldEvents(busyBoard(), stamped(at, ...asked)) }
    const text = drawn(frameLines(scene, screenOf(120, 40)), 120)
    expect(text).toContain('asking the inviter (waiting for a yes or no)')
    expect(text).not.toContain('failed (waiting')
    const { year, month, day } = dayOf(until)
    expect(text).toContain(`pending until=${year}-${month}-${day} hh:mm:ss`)
    expect(text).toContain('approved until=hh:mm:ss')
  })

  it('says for how long nothing is reaped by itself', () => {
    const { health = { rssBytes: 1, lagMs: 0 }, ...board } = busyBoard()
    const reapPausedUntil = T0 + 2_500 + 90 * 60_000
    const scene = { ...sceneOf(), board: { ...board, health: { ...health, reapPausedUntil } } }
    expect(drawn(frameLines(scene, screenOf(80, 24)), 80)).toMatch(/reaping paused 90m/)
  })

  it('of one session has the words to compare of its tally', () => {
    const words = ['clip', 'orbit', 'shrug', 'velvet']
    const scene = {
      ...sceneOf({ view: 'details', chosen: 'bbbb2222' }),
      details: { ...DETAILS, words },
    }
    expect(drawn(frameLines(scene, screenOf(80, 24)), 80)).toMatch(/words +clip orbit shrug velvet/)
  })

  it('in ASCII has nothing else in it', () => {
    const text = drawn(frameLines(sceneOf(), screenOf(80, 24, ASCII_GLYPHS)), 80)
    expect(text).toMatch(/^[\x20-\x7e\n]*$/)
    expect(text).toMatchSnapshot()
  })

  it('with wide columns', () => {
    expect(drawn(frameLines(sceneOf({ wide: true }), screenOf(160, 24)), 160)).toMatchSnapshot()
  })

  it('of one session has its story and what its peer disclosed', () => {
    const scene = { ...sceneOf({ view: 'details', chosen: 'bbbb2222' }), details: DETAILS }
    expect(drawn(frameLines(scene, screenOf(80, 24)), 80)).toMatchSnapshot()
  })

  it('of one session says that its peer is an older one', () => {
    const older = { protocol: '1.0.0' } as const
    const move = moved('bbbb2222', 'VALIDATING_IDENTITY', T0 + 2_100, older)
    const board = foldEvents(busyBoard(), stamped(T0 + 2_100, move))
    const scene = { ...sceneOf({ view: 'details', chosen: 'bbbb2222' }), board }
    expect(drawn(frameLines(scene, screenOf(80, 24)), 80)).toMatch(/protocol +1\.0\.0: an older/)
  })

  it('of the invitations', () => {
    expect(drawn(frameLines(sceneOf({ view: 'tokens' }), screenOf(80, 24)), 80)).toMatchSnapshot()
  })

  it('of the help', () => {
    expect(drawn(frameLines(sceneOf({ view: 'help' }), screenOf(80, 24)), 80)).toMatchSnapshot()
  })

  it('while stopping counts down, at any size', () => {
    const board = foldEvents(
      busyBoard(),
      stamped(T0 + 2_400, { type: 'draining', active: 3, ms: 10_000 }),
    )
    for (const [columns, rows] of [
      [80, 24],
      [40, 10],
    ] as const) {
      const text = drawn(frameLines({ ...sceneOf(), board }, screenOf(columns, rows)), columns)
      expect(text).toContain('stopping: 3 under way, up to 10s more')
    }
  })

  it('that is frozen stays as it is, and says so', () => {
    const frozen = { board: busyBoard(), now: T0 + 2_500 }
    const later = { ...screenOf(80, 24), now: T0 + 60_000 }
    const scene = { ...sceneOf({ frozen }), board: EMPTY_BOARD }
    const text = drawn(frameLines(scene, later), 80)
    expect(text).toContain('FROZEN')
    // What it was when it was frozen, not a minute later.
    expect(text).toMatch(/bbbb2222.* 1\.5s/)
  })

  it('never says by colour alone how a session is', () => {
    const text = drawn(frameLines(sceneOf(), screenOf(120, 24)), 120)
    expect(text).toContain('✓ completed')
    expect(text).toContain('✗ failed: expired invitation')
    expect(text).toContain('◷ timed out reading the request')
  })

  it('with a thousand sessions says which of them it shows', () => {
    const many = Array.from({ length: 1_000 }, (_, n) =>
      moved(`s${String(n).padStart(7, '0')}`, 'READING_REQUEST', T0 + 1_500 + n),
    )
    const board = foldEvents(EMPTY_BOARD, stamped(T0, ready(), ...many))
    const scene = { ...sceneOf({ chosen: 's0000500' }), board }
    const text = drawn(frameLines(scene, screenOf(80, 24)), 80)
    expect(text).toMatch(/ \d+-\d+ of 1000/)
    expect(text).toContain('▸s0000500')
    expect(text).toMatch(/STEP +WHOLE\n/)
  })
})

const HOSTILE = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.constantFrom(
    '👩‍👩‍👧‍👦'.repeat(9),
    '漢字'.repeat(20),
    'e\u0301'.repeat(40),
    '🇩🇪🇫🇷',
    '한국어 이름',
    'ﷺ',
  ),
)
/** Control characters never get here: who feeds the view makes its events harmless first. */
const TEXT = HOSTILE.map((text) => text.replace(/\p{C}/gu, '?'))

it('fits the screen whatever the texts, the size and the view', () => {
  fc.assert(
    fc.property(
      fc.record({
        columns: fc.oneof(fc.integer({ min: 1, max: 200 }), fc.constantFrom(1, 7, 10_000)),
        rows: fc.oneof(fc.integer({ min: 1, max: 60 }), fc.constantFrom(1, 2, 1_000)),
      }),
      fc.array(TEXT, { minLength: 5, maxLength: 5 }),
      fc.constantFrom('sessions', 'details', 'tokens', 'help'),
      fc.boolean(),
      ({ columns, rows }, [a = '', b = '', c = '', d = '', e = ''], view, wide) => {
        const board = foldEvents(
          busyBoard(),
          stamped(
            T0 + 2_000,
            moved(a, 'FAILED', T0 + 2_000, { reason: b, detail: c, tokenId: d }),
            moved(b, c, T0 + 2_000, { peerId: d, remoteAddress: e }),
            { type: 'problem', detail: e },
            {
              type: 'tokens',
              more: 0,
              tokens: [
                { id: d, label: e, role: 'stock', uses: 1, used: 0, reserved: 0, expiresAt: T0 },
              ],
            },
          ),
        )
        const ui = { view, wide, chosen: a, filter: '' } as const
        const details = { ...DETAILS, identity: { [a]: b } }
        const lines = frameLines({ ...sceneOf(ui), board, details }, screenOf(columns, rows))
        expect(lines.length).toBeLessThanOrEqual(Math.max(1, rows - 1))
        for (const line of lines) {
          const text = line.map((each) => each.text).join('')
          expect(textWidth(text)).toBeLessThanOrEqual(columns)
        }
      },
    ),
  )
})

it('columns stay in line whatever is in the cells', () => {
  fc.assert(
    fc.property(fc.array(TEXT, { minLength: 1, maxLength: 8 }), (texts) => {
      const news = texts.map((text, n) =>
        moved(`${n}${text}`, 'READING_REQUEST', T0 + 1_500, { tokenId: text, peerId: text }),
      )
      const board = foldEvents(EMPTY_BOARD, stamped(T0, ready(), ...news))
      const lines = frameLines({ ...sceneOf(), board }, screenOf(120, 40))
      const rows = lines.slice(4, 4 + texts.length)
      const widths = rows.map((row) => row.map(({ text }) => textWidth(text)))
      for (const each of widths) expect(each).toEqual(widths[0])
    }),
  )
})
