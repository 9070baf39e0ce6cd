import { openStore } from '../../../src/store/transaction/store.ts'
import { commit, grantOf, requestOf, reserve } from '../../store/fixtures.ts'

/**
 * A process that tries to redeem each of some tokens: `racing-child.ts FILE PEER USES TOKEN…`. Says "ready",
 * begins when it is told anything, answers with the tokens it got a tally of.
 */
const [path = '', peer = '', uses = '1', ...tokenIds] = process.argv.slice(2)

async function redeem(store: ReturnType<typeof openStore>, tokenId: string): Promise<boolean> {
  const grant = grantOf(tokenId, Number(uses))
  const outcome = await reserve(store, requestOf(grant, peer))
  return outcome.kind === 'reserved' && (await commit(store, outcome.claim, grant))
}

process.once('message', async () => {
  const store = openStore(path)
  const won: string[] = []
  for (const tokenId of tokenIds) if (await redeem(store, tokenId)) won.push(tokenId)
  store.close()
  process.send?.(won, () => process.disconnect())
})
process.send?.('ready')
