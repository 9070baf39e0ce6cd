import { type Html, html } from './html.ts'

/** The ways from what a page shows into the terminal. */
const WAYS = {
  link: html`In a terminal, type <code>taleus bootstrap</code> and paste the link.`,
  code: html`In a terminal, type <code>taleus bootstrap --scan</code> and hold the code before the camera. Or take a photo of it, and
type <code>taleus bootstrap --qr-image photo.jpg</code>.`,
  both: html`In a terminal, type <code>taleus bootstrap</code> and paste the link. Or type <code>taleus bootstrap --scan</code> and hold
the code before the camera.`,
} as const

/** The steps from a page to a tally, items of a list. */
export function stepsTo(who: string, shown: keyof typeof WAYS): readonly Html[] {
  return [
    html`<li>On a computer with Node.js 24 or later, install taleus. Take it from where the person who invites you has it, and
from nowhere else.</li>\n`,
    html`<li>${WAYS[shown]}</li>\n`,
    html`<li>Read who invites you and on what terms. Nothing is told about you before you say yes.</li>\n`,
    html`<li>Both screens then show four words: compare them with <bdi>${who}</bdi>.</li>`,
  ]
}
