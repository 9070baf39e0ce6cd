/** How many things a list shows, and how many there are. */
export interface ListCounts {
  readonly shown: number
  readonly total: number
}

/** The line below a list that does not show all: `50 of 130,000 invitations.`; none if it does. */
export function ofAllText({ shown, total }: ListCounts, things: string): readonly string[] {
  if (shown >= total) return []
  return [`${shown.toLocaleString('en')} of ${total.toLocaleString('en')} ${things}.`]
}
