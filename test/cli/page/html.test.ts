import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { html, htmlPage } from '../../../src/cli/page/html.ts'
import { HOSTILE_STRINGS } from '../../support/hostile-strings.ts'

test('a text in markup stays text, and markup in markup stays markup', () => {
  const bold = html`<b>${'<i>&"\''}</b>`
  expect(html`<p>${bold}</p>`.markup).toBe('<p><b>&lt;i&gt;&amp;&quot;&#39;</b></p>')
  expect(html`${[bold, html`<hr>`]}`.markup).toBe('<b>&lt;i&gt;&amp;&quot;&#39;</b><hr>')
})

test('no text of a stranger opens a tag, ends an attribute, or keeps a character that hides or turns', () => {
  for (const text of [...HOSTILE_STRINGS, '<script>', '"><img src=x>', '\u202e', "' onload='x"]) {
    const { markup } = html`${text}`
    expect(markup).not.toMatch(/[<>"']|\p{Cc}|\p{Cf}/u)
  }
})

test('a page obeys its own style sheet and script, by their content, and nothing else', () => {
  const page = htmlPage({ title: 'T', style: 'p{}', script: 'let a = 1', body: html`<p>a</p>` })
  const hash = (text: string) => `sha256-${createHash('sha256').update(text).digest('base64')}`
  expect(page).toContain(
    `content="default-src 'none'; style-src '${hash('p{}')}'; script-src '${hash('let a = 1')}'; base-uri 'none'; form-action 'none'"`,
  )
  expect(page).toContain('<style>p{}</style>')
  expect(page).toContain('<script>let a = 1</script>')
  const still = htmlPage({ title: 'T', style: 'p{}', body: html`<p>a</p>` })
  expect(still).not.toContain('script')
})
