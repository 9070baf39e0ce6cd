/**
 * The part of whoever reads an invitation, for people who do not know the words stock and foil.
 * @param inviter the inviter's role
 */
export function roleOfReader(inviter: 'stock' | 'foil', who: string): string {
  return inviter === 'stock'
    ? `You are normally the one who owes, and ${who} is owed`
    : `You are normally the one who is owed, and ${who} owes`
}

/** The clock on the wall, with the name of its zone. */
const WHEN = new Intl.DateTimeFormat('en-GB', {
  weekday: 'long',
  day: 'numeric',
  month: 'long',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  timeZoneName: 'short',
})

/** A time as people say it where the page is made, or read. */
export function whenText(date: Date): string {
  return WHEN.format(date)
}

/** How often a new invitation can be used. */
export function goodFor(uses: number | null): string {
  if (uses === null) return 'as often as anyone likes'
  return uses === 1 ? 'once' : `${uses} times`
}
