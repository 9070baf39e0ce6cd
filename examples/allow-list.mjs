// Only peers on a list get in: everybody else hears that nothing is taken from them.
//
//   taleus listen --hooks ./allow-list.mjs
//
// The list is the file `allowed-peers` in the data directory, one peer id a line; `taleus identity show` tells one's own.
// It is read anew for each contact. What a peer has from before stays its own: see docs/hooks.md.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** @type {import('taleus/bootstrap').HookModule} */
export default ({ dataDirectory, usual, log }) => ({
  token: {
    async validate(token, context) {
      // The invitations are where they always are. Who has no good one learns nothing more.
      const answer = await usual.token.validate(token, context)
      if ('refused' in answer) return answer
      const { peerId, signal } = context
      const list = await readFile(join(dataDirectory, 'allowed-peers'), {
        encoding: 'utf8',
        signal,
      })
      if (list.split('\n').some((line) => line.trim() === peerId)) return answer
      log(`${peerId} is not on the list`)
      return { refused: 'denied' }
    },
  },
})
