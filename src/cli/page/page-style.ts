/** Colours and type that all pages share: contrast of text at least 7 to 1 in light and in dark. */
export const PAGE_STYLE = `
:root { color-scheme: light dark; --paper: #ffffff; --ink: #1b1b1f; --quiet: #52525b; --line: #d4d4d8; --field: #f4f4f5; --accent: #14532d }
@media (prefers-color-scheme: dark) {
  :root { --paper: #18181b; --ink: #f4f4f5; --quiet: #b4b4bd; --line: #3f3f46; --field: #27272a; --accent: #86efac }
}
* { box-sizing: border-box }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.55 system-ui, sans-serif; overflow-wrap: anywhere }
main { max-width: 42rem; margin: 0 auto; padding: 2rem 1.25rem 3rem }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 .75rem; color: var(--accent) }
h2 { font-size: 1.2rem; line-height: 1.3; margin: 2rem 0 .5rem }
p { margin: .5rem 0 }
.quiet { color: var(--quiet); font-size: .9rem }
dl { margin: 1.25rem 0; border-top: 1px solid var(--line) }
dl > div { display: grid; grid-template-columns: 8.5rem 1fr; gap: .25rem 1rem; padding: .5rem 0; border-bottom: 1px solid var(--line) }
dt { color: var(--quiet) }
dd { margin: 0 }
ol { padding-left: 1.5rem; margin: .5rem 0 }
li { margin: .4rem 0 }
code { font: .9em/1.4 ui-monospace, monospace; background: var(--field); padding: .1em .35em; border-radius: .25rem }
.link { display: block; padding: .75rem; user-select: all; -webkit-user-select: all }
a { color: var(--accent) }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }
@media (min-width: 40rem) { li code { white-space: nowrap } }
@media (max-width: 30rem) { dl > div { grid-template-columns: 1fr } }
`
