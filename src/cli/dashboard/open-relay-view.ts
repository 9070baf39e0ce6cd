import type { RelayPicture } from '../../dashboard/relay/relay-picture.ts'
import { speaksUtf8 } from '../text/speaks-utf8.ts'
import { harmlessIn } from './harmless-in.ts'
import type { HostedKeys } from './hosted-view.ts'
import { prepareTerminal } from './prepare-terminal.ts'

export interface OpenRelayView extends HostedKeys {
  picture(): RelayPicture
}

/** Shows a relay on this process's terminal. Resolves when it is there, with the way to take it down. */
export async function openRelayView({ picture, onGone, ...init }: OpenRelayView) {
  prepareTerminal(onGone)
  const { showRelay } = await import('../../dashboard/relay/show-relay.tsx')
  return showRelay({
    ...init,
    picture: () => harmlessIn(picture()),
    stdout: process.stdout,
    stdin: process.stdin,
    ascii: !speaksUtf8(process.env),
  })
}
