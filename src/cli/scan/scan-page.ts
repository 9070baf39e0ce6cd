import { html, htmlPage } from '../page/html.ts'
import { scriptOf } from '../page/page-script.ts'
import { PAGE_STYLE } from '../page/page-style.ts'

const SCAN_STYLE = `${PAGE_STYLE}
.camera { border: 1px solid var(--line); border-radius: .5rem; overflow: hidden; background: #000000 }
video { display: block; width: 100%; max-height: 55vh; object-fit: contain }
label { display: block; margin: 1.25rem 0 .35rem }
input, textarea, button { font: inherit; max-width: 100% }
textarea { width: 100%; padding: .5rem; border: 1px solid var(--quiet); border-radius: .375rem; background: var(--paper); color: var(--ink) }
button { padding: .5rem 1rem; border: 1px solid var(--accent); border-radius: .375rem; background: var(--paper); color: var(--accent); cursor: pointer }
[hidden] { display: none }
`

/** WebAssembly reads the codes, and comes from the command as what the page asks for does. */
const POLICY = ["connect-src 'self'", 'img-src blob:', "media-src 'self' blob:"]

/** The page that finds a code by the camera, in a picture, or takes the link itself. */
export async function scanPage(): Promise<string> {
  const body = html`<main>
<h1>Scan an invitation</h1>
<p id="said" role="status">This page needs its script. In the terminal, press ^C and give a picture with --qr-image.</p>
<div id="ways">
<div class="camera" id="camera" hidden><video id="video" playsinline muted aria-label="What the camera sees"></video></div>
<label for="file">Or choose a picture of the code, drop it here, or paste it</label>
<input type="file" id="file" accept="image/*">
<label for="text">Or paste the link</label>
<textarea id="text" rows="3" autocomplete="off" autocapitalize="off" spellcheck="false"></textarea>
<p><button type="button" id="use">Use this link</button></p>
</div>
<p class="quiet">What the camera sees stays in this page. The link goes to the command in your terminal, where you are asked
before anything is done with it.</p>
</main>`
  const script = await scriptOf('scan-page')
  return htmlPage({
    title: 'Scan an invitation',
    style: SCAN_STYLE,
    script,
    policy: POLICY,
    scriptSources: ["'wasm-unsafe-eval'"],
    body,
  })
}
