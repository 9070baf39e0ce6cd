// The script of the page that `taleus page` writes: shows the invitation behind the # of the page's address. It asks nobody.

import { peerIdOfPublicKey } from '../protocol/base/peer-id-text.ts'
import { LinkError } from '../protocol/errors.ts'
import { decodeLink, encodeLink, type LinkContent } from '../protocol/link/link.ts'
import { tokenIdOf } from '../protocol/link/secret.ts'
import { element, put } from './element.ts'
import { roleOfReader, whenText } from './shared/page-words.ts'

const HEADLINE = 'You are invited to start a tally'

const NONE =
  'There is no invitation here: the address of this page has nothing behind a #. Open it by the whole link.'

function show(): void {
  const { hash } = location
  element('invitation', HTMLElement).hidden = true
  put('headline', 'A tally invitation')
  if (hash.length <= 1) {
    put('said', NONE)
    return
  }
  try {
    showInvitation(decodeLink(hash))
  } catch (error) {
    if (!(error instanceof LinkError)) throw error
    put('said', sentenceOf(error))
  }
}

function sentenceOf(error: LinkError): string {
  const next =
    error.code === 'link_newer'
      ? 'This page can’t show it. A new taleus can use it.'
      : 'Copy the whole link again, or ask for a new one.'
  return `${error.message[0]?.toUpperCase()}${error.message.slice(1)}. ${next}`
}

function showInvitation(content: LinkContent): void {
  const until = new Date(content.expiresAt * 1_000)
  const isOver = until.getTime() <= Date.now()
  put('headline', isOver ? 'This invitation has expired' : HEADLINE)
  put('said', isOver ? 'Ask who gave it to you for a new one. (By the clock of this device.)' : '')
  put('peer', peerIdOfPublicKey(content.publicKey))
  put('part', roleOfReader(content.role, 'the inviter'))
  put('until', whenText(until))
  element('until', HTMLTimeElement).dateTime = until.toISOString()
  put('id', tokenIdOf(content.secret))
  put('link', encodeLink(content))
  put('copied', '')
  element('usable', HTMLElement).hidden = isOver
  element('invitation', HTMLElement).hidden = false
}

async function copy(): Promise<void> {
  try {
    await navigator.clipboard.writeText(element('link', HTMLElement).textContent)
    put('copied', 'Copied.')
  } catch {
    put('copied', 'This browser does not let the page copy: select the link and copy it yourself.')
  }
}

element('copy', HTMLButtonElement).addEventListener('click', () => void copy())
addEventListener('hashchange', show)
show()
