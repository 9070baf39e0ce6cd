import { lines, type ScreenText } from '../text/screen-text.ts'

/**
 * A relay's new token, for the person who hands it on.
 * @param isSeen by a person at a terminal: what a service writes is kept by others, and holds no secret
 */
export function newTokenText(token: string, file: string, isSeen: boolean): ScreenText {
  return lines([
    ...(isSeen
      ? [`New token, kept in ${file}; it is not shown again:`, `  ${token}`]
      : [`A new token was made in ${file}.`]),
    'Whoever is to reserve a place here needs it: hand it over as you would a key.',
  ])
}
