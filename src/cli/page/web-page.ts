import { stepsTo } from './how-to-go-on.ts'
import { html, htmlPage } from './html.ts'
import { scriptOf } from './page-script.ts'
import { PAGE_STYLE } from './page-style.ts'

const BUTTON = `
button { font: inherit; padding: .5rem 1rem; border: 1px solid var(--accent); border-radius: .375rem; background: var(--paper); color: var(--accent); cursor: pointer }
[hidden] { display: none }
`

/**
 * The page for a host of one's own, below whose address links of the https form are: the same file for every link, since what is
 * behind the # never comes to the host.
 */
export async function webPage(): Promise<string> {
  const body = html`<main>
<h1 id="headline">A tally invitation</h1>
<p id="said" role="status">This page needs its script to read the link. You can do without: give the whole address of the page to \`taleus bootstrap\`.</p>
<div id="invitation" hidden>
<p>A tally is a private record between two people of who owes whom. Each of the two keeps it on a computer of their own, and
nobody else has it. Whoever has this link can use it: give it to nobody whom it is not for.</p>
<dl>
<div><dt>From</dt><dd><code id="peer"></code></dd></div>
<div><dt>Your part</dt><dd id="part"></dd></div>
<div><dt>Good until</dt><dd><time id="until"></time></dd></div>
<div><dt>Invitation</dt><dd><code id="id"></code></dd></div>
</dl>
<div id="usable">
<h2>How to go on</h2>
<ol>
${stepsTo('the inviter', 'link')}
</ol>
<h2 id="link-title">The link</h2>
<code class="link" id="link" aria-labelledby="link-title"></code>
<p><button type="button" id="copy">Copy the link</button> <span id="copied" role="status"></span></p>
</div>
<p class="quiet">This page was read here, on your device. It has asked nobody about the invitation.</p>
</div>
</main>`
  const script = await scriptOf('link-page')
  return htmlPage({ title: 'A tally invitation', style: `${PAGE_STYLE}${BUTTON}`, script, body })
}
