import { PAGE_STYLE } from './page-style.ts'

/** On paper everything is black on white, whatever the screen is. */
const ON_PAPER =
  '--paper: #ffffff; --ink: #000000; --quiet: #333333; --line: #999999; --field: #ffffff; --accent: #000000'

/** The code keeps its white ground in the dark: readers want dark on light. */
const CODE = `
figure { margin: 1.5rem 0; text-align: center }
.code { display: inline-block; width: min(100%, 22rem); background: #ffffff; border: 1px solid var(--line); border-radius: .5rem; overflow: hidden }
.code svg { display: block; width: 100%; height: auto }
`

/** A page to mail and to read on a screen; printed, its code is 70 mm wide: squares of half a millimetre for the longest link. */
export const LEAFLET_STYLE = `${PAGE_STYLE}${CODE}
@page { margin: 16mm }
@media print {
  :root { color-scheme: light; ${ON_PAPER} }
  body { font-size: 10.5pt; line-height: 1.4 }
  main { max-width: none; padding: 0 }
  h2 { margin: 1rem 0 .25rem; break-after: avoid }
  dl { margin: .75rem 0 }
  dl > div { padding: .25rem 0 }
  figure { margin: .5rem 0 }
  .code { width: 70mm; border: 0 }
  figure, li, dl > div { break-inside: avoid }
}
`

/** A sheet of A4 to hang up: its code is 120 mm wide, to be read from an arm's length and more. */
export const POSTER_STYLE = `${PAGE_STYLE}${CODE}
@page { size: A4; margin: 14mm }
main { text-align: center }
h1 { font-size: 2.25rem }
ol { text-align: left; max-width: 30rem; margin: 1rem auto }
.code { width: min(100%, 30rem) }
@media print {
  :root { color-scheme: light; ${ON_PAPER} }
  body { font-size: 12pt; line-height: 1.4 }
  main { max-width: none; padding: 0 }
  h1 { font-size: 26pt }
  figure { margin: 2mm 0 }
  ol { max-width: none }
  .code { width: 120mm; border: 0 }
}
`
