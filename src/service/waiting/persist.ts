import { type HearWait, type NotYet, notYetOf } from './not-yet.ts'
import type { Patience } from './patience.ts'

/** Something that is asked again as long as the answer is "not now". */
export interface Asking<Answer> {
  readonly patience: Patience
  /** Ends the waiting; what is being asked has its own. */
  readonly signal: AbortSignal
  /** @param ms the longest that this try may take */
  ask(ms: number): Promise<Answer>
  notYetIn(answer: Answer): NotYet | undefined
  /** Told of each pause when it begins. @default nobody */
  readonly hear?: HearWait | undefined
  /**
   * While the other side is undecided: resolves with true once it has something to say, with false if that can't be known.
   * As long as it may, nothing is asked but once in a while.
   * @default nobody tells
   */
  news?(signal: AbortSignal): Promise<boolean>
}

type Heard<Answer> = { readonly answer: Answer } | { readonly error: unknown }

/**
 * Asks, and asks again after "not now", for as long as the user is willing to wait: there is no other retrying of what a
 * person has asked for.
 * @returns the first answer that is meant, or the last one there was time for
 * @throws what `ask` throws, the last time
 */
export async function persist<Answer>(asking: Asking<Answer>): Promise<Answer> {
  const { patience, signal, hear } = asking
  let hadNews = false
  for (;;) {
    const heard = await ask(asking, patience.tryMs)
    const notYet = 'error' in heard ? notYetOf(heard.error) : asking.notYetIn(heard.answer)
    const pause = notYet && patience.pauseAfter(notYet)
    if (notYet === undefined || pause === undefined || signal.aborted) return settled(heard)
    if (hadNews && notYet.kind === 'undecided') patience.wasMisled()
    const tells = notYet.kind === 'undecided' && asking.news !== undefined
    hear?.(patience.news(notYet, tells ? patience.pauseWhileTold() : pause))
    const woken = await restOrNews(asking, tells, pause)
    // Somebody who has said when is not asked before, except if it says that it has decided.
    const isEarly = woken !== 'news' && pause < (notYet.retryAfterMs ?? 0)
    if (woken === 'stopped' || isEarly) return settled(heard)
    hadNews = woken === 'news'
  }
}

async function ask<Answer>({ ask }: Asking<Answer>, ms: number): Promise<Heard<Answer>> {
  try {
    return { answer: await ask(ms) }
  } catch (error) {
    return { error }
  }
}

function settled<Answer>(heard: Heard<Answer>): Answer {
  if ('error' in heard) throw heard.error
  return heard.answer
}

async function restOrNews<Answer>(
  { patience, signal, news }: Asking<Answer>,
  tells: boolean,
  pause: number,
): Promise<'rested' | 'news' | 'stopped'> {
  const own = new AbortController()
  const stop = (): void => own.abort()
  signal.addEventListener('abort', stop)
  try {
    let isTold = false
    if (tells && news !== undefined) {
      isTold = await isToldOfNews(patience, news(own.signal), own.signal, pause)
    } else await patience.rest(pause, own.signal)
    if (signal.aborted) return 'stopped'
    return isTold ? 'news' : 'rested'
  } finally {
    signal.removeEventListener('abort', stop)
    own.abort()
  }
}

/** Rests until there is news, for as long as there may be; else as it would without. @returns whether there was */
async function isToldOfNews(
  patience: Patience,
  news: Promise<boolean>,
  signal: AbortSignal,
  pause: number,
): Promise<boolean> {
  const usual = patience.rest(pause, signal)
  const unasked = patience.rest(patience.pauseWhileTold(), signal)
  const least = patience.rest(Math.min(pause, patience.leastPause()), signal)
  const isNews = news.catch(() => false)
  const first = await Promise.race([isNews, unasked.then(nothing)])
  if (first === false) await usual
  await least
  return first === true
}

function nothing(): undefined {
  return undefined
}
