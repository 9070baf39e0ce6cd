// Asks a web service on this computer whether who comes is welcome.
//
//   taleus listen --hooks ./webhook.mjs
//
// It is asked by POST, with {"peerId": …, "identity": …}, and answers 200 for yes, 403 for no. Anything else, and no answer
// in time, ends that one bootstrap; the invitee may come again. Asked only for invitations that require something:
// taleus token create --require name
const SERVICE = process.env.WELCOME_SERVICE ?? 'http://127.0.0.1:8088/welcome'

/** @type {import('taleus/bootstrap').HookModule} */
export default {
  identity: {
    async validate(identity, _required, { peerId, signal }) {
      const answer = await fetch(SERVICE, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ peerId, identity }),
        redirect: 'error',
        signal,
      })
      await answer.body?.cancel()
      if (answer.status === 200) return true
      if (answer.status === 403) return { refused: 'identity_refused', reason: 'ask us first' }
      throw new Error(`the service answered ${answer.status}`)
    },
  },
}
