import { decodeMessage, encodeMessage } from '../../src/protocol/message/message-codec.ts'
import { dataDirectory, taleusJson } from '../e2e/support/cli.ts'
import { ledgerOf, patientListener } from './crowd.ts'
import { type Place, RawPeer, refusalIn } from './wire/raw-peer.ts'

/** Replays at once. */
const AT_ONCE = 40

/**
 * Bob redeems a one-time invitation. What he sent is then replayed by others, as it was and as their own, and
 * by himself: before and after the listener was killed.
 * @returns the answers that should not have been given, and what the inviter has in the end
 */
export async function replayed(times: number) {
  const alice = await dataDirectory()
  const first = await patientListener(alice)
  const { json } = await taleusJson(alice, ['token', 'create'])
  const bob = await RawPeer.start()
  const captured = bob.contact(String(json['link']), 'bootstrap-1')
  const answer = await bob.insist(first, captured)
  const thieves = await Promise.all(Array.from({ length: 4 }, () => RawPeer.start()))
  const before = await replay(first, times / 2, { bob, thieves, captured, answer })
  first.signal('SIGKILL')
  await first.exited
  const second = await patientListener(alice, first.addresses)
  const after = await replay(second, times / 2, { bob, thieves, captured, answer })
  return {
    stolen: [...before.stolen, ...after.stolen],
    own: [...before.own, ...after.own],
    ...(await ledgerOf(alice)),
  }
}

interface Cast {
  readonly bob: RawPeer
  readonly thieves: readonly RawPeer[]
  readonly captured: Uint8Array
  readonly answer: Uint8Array | undefined
}

async function replay(place: Place, times: number, { bob, thieves, captured, answer }: Cast) {
  const stolen: string[] = []
  const own: string[] = []
  for (let done = 0; done < times; done += AT_ONCE) {
    const all = Array.from({ length: AT_ONCE }, async (_, nth) => {
      const thief = thieves[nth % thieves.length]
      if (thief === undefined || nth % 5 === 0) {
        const again = await bob.say(place, captured)
        if (again === undefined || answer === undefined || Buffer.compare(again, answer) !== 0)
          own.push(refusalIn(again))
      } else {
        const said = nth % 2 === 0 ? captured : asTheirOwn(captured, thief, nth)
        const refusal = refusalIn(await thief.say(place, said))
        if (refusal !== 'party_id_mismatch' && refusal !== 'used') stolen.push(refusal)
      }
    })
    await Promise.all(all)
  }
  return { stolen, own }
}

/** The same secret under another name. */
function asTheirOwn(captured: Uint8Array, thief: RawPeer, nth: number): Uint8Array {
  const message = decodeMessage(captured)
  if (message.type !== 'InboundContact') throw new TypeError('not a contact')
  const bootstrapId = nth % 4 === 1 ? message.bootstrapId : `bootstrap-${nth}`
  return encodeMessage({ ...message, partyId: thief.peerId, bootstrapId })
}
