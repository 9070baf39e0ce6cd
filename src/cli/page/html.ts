import { createHash } from 'node:crypto'
import { harmless } from '../text/harmless.ts'

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Markup of ours. Only `html` makes it, and what is put into it as text stays text. */
export class Html {
  readonly markup: string

  constructor(markup: string) {
    this.markup = markup
  }
}

type HtmlValue = string | Html | readonly Html[]

/** Makes markup of a template: texts in it are made harmless and escaped, markup is taken as it is. */
export function html(parts: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  const written = parts.map((part, at) => `${part}${markupOf(values[at] ?? '')}`)
  return new Html(written.join(''))
}

function markupOf(value: HtmlValue): string {
  if (value instanceof Html) return value.markup
  if (typeof value !== 'string') return value.map(({ markup }) => markup).join('')
  return harmless(value).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '')
}

export interface HtmlPage {
  readonly title: string
  /** The only style sheet there is. Attributes `style` are not obeyed. */
  readonly style: string
  /** The only script there is. @default none is obeyed */
  readonly script?: string
  /** More that a script may do, by the policy. @default nothing */
  readonly scriptSources?: readonly string[]
  /** Directives of the policy beside those for style and script. @default none */
  readonly policy?: readonly string[]
  readonly body: Html
}

/** Makes a page that stands alone: nothing is loaded, sent or obeyed but what is in it, whoever serves it. */
export function htmlPage(page: HtmlPage): string {
  const { title, style, script, scriptSources = [], policy: more = [], body } = page
  if (script?.includes('</script')) throw new Error('a script can’t have its own end in it')
  const policy = [
    "default-src 'none'",
    `style-src '${hashSource(style)}'`,
    ...(script === undefined
      ? []
      : [[`script-src '${hashSource(script)}'`, ...scriptSources].join(' ')]),
    ...more,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')
  const written = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${new Html(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex, nofollow">
<meta name="format-detection" content="telephone=no">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${new Html(style)}</style>
</head>
<body>
${body}${script === undefined ? '' : new Html(`\n<script>${script}</script>`)}
</body>
</html>
`
  return written.markup
}

/** Names a style sheet or script in a policy by what is in it. */
function hashSource(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`
}
