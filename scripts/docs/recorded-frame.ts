import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { harmlessIn } from '../../src/cli/dashboard/harmless-in.ts'
import { EMPTY_BOARD } from '../../src/dashboard/board/board.ts'
import { foldEvents } from '../../src/dashboard/board/fold.ts'
import { FIRST_UI } from '../../src/dashboard/board/ui-state.ts'
import { frameLines } from '../../src/dashboard/lines/frame.ts'
import { UTF8_GLYPHS } from '../../src/dashboard/text/glyphs.ts'
import type { Line } from '../../src/dashboard/text/span.ts'
import { parseFeedLine } from '../../src/service/feed/event-feed-lines.ts'
import { FEED_WORDS } from '../../src/service/feed/feed-words.ts'

const RECORDING = join(import.meta.dirname, '..', '..', 'test', 'dashboard', 'recorded-run.jsonl')

/** Draws the dashboard as it was in a real run just before it was told to stop. See record-run.ts. */
export function recordedFrame(columns: number, rows: number): readonly Line[] {
  // The docs are the same wherever they are made.
  process.env['TZ'] = 'UTC'
  const lines = readFileSync(RECORDING, 'utf8').trim().split('\n')
  const events = lines
    .flatMap((line) => parseFeedLine(line) ?? [])
    .map((event) => harmlessIn(event))
  const end = events.findIndex(({ type }) => type === 'draining')
  const board = foldEvents(EMPTY_BOARD, events.slice(0, end))
  const screen = {
    columns,
    rows,
    glyphs: UTF8_GLYPHS,
    now: board.at,
    words: FEED_WORDS,
    isListeners: true,
  }
  const scene = { board, ui: FIRST_UI, note: undefined, details: undefined }
  return frameLines(scene, screen)
}
