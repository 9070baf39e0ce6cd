import { createMemoryHooks } from '../../../src/hooks/memory/create-memory-hooks.ts'
import { generatePrivateKeyBytes } from '../../../src/network/identity/key-bytes.ts'
import { decodeLink, encodeLink } from '../../../src/protocol/link/link.ts'
import { Redeemer } from '../../../src/service/redeeming/redeemer.ts'
import { openMemoryStore } from '../../../src/store/transaction/store.ts'
import type { Scene } from './scene.ts'

/**
 * Somebody else with the same link, and somebody with a link that was never made: the tally is made, so both are
 * refused. The second one may not even learn that there is such a token.
 */
export async function complaintsOfStrangers({ link }: Scene): Promise<string[]> {
  const content = decodeLink(link)
  const forged = encodeLink({ ...content, secret: content.secret.map((byte) => byte ^ 0xff) })
  const thief = await reasonFor(link)
  const stranger = await reasonFor(forged)
  const complaints: string[] = []
  if (thief !== 'used') complaints.push(`I2: another peer with the link was told ${thief}`)
  if (stranger !== 'invalid_token') complaints.push(`I6: a stranger was told ${stranger}`)
  return complaints
}

async function reasonFor(link: string): Promise<string> {
  const redeemer = new Redeemer({
    store: openMemoryStore(),
    hooks: createMemoryHooks(),
    key: generatePrivateKeyBytes(),
    config: {},
  })
  await redeemer.start()
  try {
    const outcome = await redeemer.redeemText(link, { name: 'Mallory' })
    return outcome.completed ? 'the tally' : outcome.reason
  } finally {
    await redeemer.stop()
  }
}
