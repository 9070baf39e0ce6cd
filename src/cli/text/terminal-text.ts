import { cutText } from '../../dashboard/text/fit.ts'
import { harmless } from './harmless.ts'

export { harmless }

/** `harmless`, cut to so many columns; the last is `…` where something was cut off. */
export function harmlessWithin(text: string, columns: number): string {
  return cutText(harmless(text), columns, '…')
}
