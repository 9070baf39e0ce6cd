import { pickSessions } from '../board/pick-sessions.ts'
import { isOver } from '../board/sessions.ts'
import { beginningOf, type Line } from '../text/span.ts'
import { timeLeft } from '../text/time-words.ts'
import { detailLines } from './detail-lines.ts'
import { noticeLine } from './footer-line.ts'
import type { Scene } from './frame.ts'
import { helpLines } from './help-lines.ts'
import type { Screen } from './screen.ts'
import { tokenLines } from './token-lines.ts'

type Session = ReturnType<typeof pickSessions>[number]

/** Sessions that are read out: nobody listens to more. */
const MAX_READ = 10

/** Writes the same scene for a screen reader: sentences, no columns, no bars, the most needed first. */
export function readerLines(scene: Scene, screen: Screen): readonly string[] {
  const { board, ui } = scene
  const notice = noticeLine(board, scene.note, screen)
  const first = notice === undefined ? [] : [textOf(notice)]
  switch (ui.view) {
    case 'sessions':
      return [...first, countsText(scene), ...sessionTexts(scene, screen)]
    case 'details': {
      const session = pickSessions(board, ui).find(({ id }) => id === ui.chosen)
      return [...first, ...detailLines(session, scene.details, board, screen).map(textOf)]
    }
    case 'tokens':
      return [...first, ...tokenLines(board, screen).map(textOf)]
    case 'help':
      return helpLines(screen.glyphs).map(textOf)
    default:
      return ui.view satisfies never
  }
}

function countsText({ board }: Scene): string {
  const { completed, failed, timedOut, refused } = board.totals
  const over = `${completed} completed, ${failed} failed, ${timedOut} timed out, ${refused} refused`
  return `${board.live.size} sessions under way. ${over}.`
}

function sessionTexts({ board, ui }: Scene, screen: Screen): readonly string[] {
  const sessions = pickSessions(board, ui)
  const texts = sessions.slice(0, MAX_READ).map((session) => {
    const mark = session.id === ui.chosen ? 'Chosen: session' : 'Session'
    return `${mark} ${beginningOf(session.id, 6)}: ${howItIs(session, screen)}.`
  })
  const more = sessions.length - texts.length
  return more > 0 ? [...texts, `And ${more} more.`] : texts
}

function howItIs(session: Session, { now, stateInWords }: Screen): string {
  const { state, stepUntil, step, reason } = session
  const words = stateInWords(state)
  if (isOver(state)) {
    const where = step === undefined ? '' : ` while ${stateInWords(step)}`
    return `${words}${where}${reason === undefined ? '' : `, ${reason}`}`
  }
  return stepUntil === undefined ? words : `${words}, ${timeLeft(stepUntil, now)} left of this step`
}

function textOf(line: Line): string {
  return line.map(({ text }) => text).join('')
}
