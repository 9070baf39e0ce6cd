import { line, type ScreenText } from './screen-text.ts'

/** How many things a list shows, and how many there are. */
export interface ListCounts {
  readonly shown: number
  readonly total: number
}

/**
 * The line below a list that does not show all: `50 of 130,000 invitations; the next: --before w556hbr6ssjk67uc`.
 * @param next the flag to see the rest with
 */
export function ofAllText(
  { shown, total }: ListCounts,
  things: string,
  next?: string,
): readonly ScreenText[] {
  if (shown >= total) return []
  const counts = `${shown.toLocaleString('en')} of ${total.toLocaleString('en')} ${things}`
  return [line(next === undefined ? `${counts}.` : `${counts}; the next: ${next}`)]
}
