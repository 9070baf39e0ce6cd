import type { Board } from './board.ts'

/** The orders of sessions: the longest under way first, the next to end first, and so on. */
export const SORTS = ['age', 'time left', 'state', 'peer', 'token'] as const

export type Sort = (typeof SORTS)[number]

/** The person's choice of what the screen shows. */
export interface UiState {
  readonly view: 'sessions' | 'details' | 'tokens' | 'help'
  /** The chosen session; it stays chosen wherever it moves. */
  readonly chosen: string | undefined
  readonly filter: string
  /** The filter is being typed. */
  readonly typing: boolean
  /** It is asked whether the listener is to stop. */
  readonly asking: boolean
  readonly sort: Sort
  readonly wide: boolean
  /** Lines that are scrolled past in details, tokens and help. */
  readonly scroll: number
  /** The board shown instead of the current one, while frozen. */
  readonly frozen: { readonly board: Board; readonly now: number } | undefined
}

export const FIRST_UI: UiState = {
  view: 'sessions',
  chosen: undefined,
  filter: '',
  typing: false,
  asking: false,
  sort: 'age',
  wide: false,
  scroll: 0,
  frozen: undefined,
}
