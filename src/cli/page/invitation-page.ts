import { goodFor, roleOfReader, whenText } from '../../web/shared/page-words.ts'
import { stepsTo } from './how-to-go-on.ts'
import { Html, html, htmlPage } from './html.ts'
import { LEAFLET_STYLE, POSTER_STYLE } from './invitation-style.ts'

/** All that a page tells of an invitation. */
export interface PageContent {
  readonly id: string
  /** The bearer right, as it is pasted. */
  readonly link: string
  /** An SVG of ours with the code of the link. */
  readonly code: string
  /** The inviter's name, if it has set one. */
  readonly name: string | undefined
  readonly peerId: string
  /** The inviter's. */
  readonly role: 'stock' | 'foil'
  /** `null`: unlimited. */
  readonly uses: number | null
  /** Milliseconds since the epoch. */
  readonly expiresAt: number
  /** Names of the fields that an invitee must disclose. */
  readonly required: readonly string[]
  /** From where it can be used, in words that follow "this invitation", if that is not from anywhere. */
  readonly nearReach: string | undefined
}

/** A page that explains an invitation to somebody who has never heard of tallies. */
export function leafletOf(content: PageContent): string {
  const who = content.name ?? 'the inviter'
  const body = html`<main>
<h1>${headlineOf(content)}</h1>
<p>A tally is a private record between two people of who owes whom. Each of the two keeps it on a computer of their own, and
nobody else has it. This page starts one with <bdi>${who}</bdi>.</p>
<dl>
${rowsOf(content)}
</dl>
${codeOf(content)}
<h2>How to go on</h2>
<ol>
${stepsTo(who, 'both')}
</ol>
<h2 id="link">The link</h2>
<p>It is the same as the code above.</p>
<code class="link" aria-labelledby="link">${anchored(content.link)}</code>
<p class="quiet">${cautionOf(content)}</p>
</main>`
  return htmlPage({ title: headlineOf(content), style: LEAFLET_STYLE, body })
}

/** A sheet of A4 to hang by the till: the code, and what to do with it. */
export function posterOf(content: PageContent): string {
  const body = html`<main>
<h1>${headlineOf(content)}</h1>
<p>A private record between two people of who owes whom, kept by the two and nobody else.
${roleOfReader(content.role, content.name ?? 'the inviter')}.</p>
${codeOf(content)}
<ol>
${stepsTo(content.name ?? 'the inviter', 'code')}
</ol>
<p>Good until ${timeOf(content)}.</p>
<p class="quiet">Invitation ${content.id} of ${content.peerId}</p>
</main>`
  return htmlPage({ title: headlineOf(content), style: POSTER_STYLE, body })
}

function headlineOf({ name }: PageContent): string {
  return name === undefined
    ? 'You are invited to start a tally'
    : `${name} invites you to start a tally`
}

function rowsOf(content: PageContent): readonly Html[] {
  const { name, peerId, role, uses, required, nearReach } = content
  const who = name ?? 'the inviter'
  return [
    row(
      'From',
      html`${name === undefined ? '' : html`<bdi>${name}</bdi>, `}<code>${peerId}</code>`,
    ),
    row('Your part', html`${roleOfReader(role, who)}`),
    row('Good', html`${goodFor(uses)}, until ${timeOf(content)}`),
    ...(nearReach === undefined
      ? []
      : [row('Where', html`It ${nearReach}, seen from the inviter’s computer`)]),
    ...(required.length === 0 ? [] : [row('You will tell', html`your ${required.join(', ')}`)]),
    row('Invitation', html`<code>${content.id}</code>`),
  ]
}

function row(title: string, text: Html): Html {
  return html`<div><dt>${title}</dt><dd>${text}</dd></div>\n`
}

function timeOf({ expiresAt }: PageContent): Html {
  const date = new Date(expiresAt)
  return html`<time datetime="${date.toISOString()}">${whenText(date)}</time>`
}

function codeOf({ code }: PageContent): Html {
  return html`<figure><div class="code" role="img" aria-label="QR code of the invitation’s link">${new Html(code)}</div></figure>`
}

/** A link that a browser can follow leads there. */
function anchored(link: string): Html {
  return link.startsWith('https:')
    ? html`<a href="${link}" rel="noreferrer">${link}</a>`
    : html`${link}`
}

function cautionOf({ uses }: PageContent): string {
  return uses === 1
    ? 'Whoever has this page can use the invitation, and it is good once: give it to nobody whom it is not for.'
    : 'Whoever has this page can use the invitation.'
}
