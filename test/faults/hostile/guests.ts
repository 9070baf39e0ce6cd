/**
 * Honest invitees, each a new peer with a key of its own, one after the other: as `taleus bootstrap` does it, with a
 * look first, and coming again when told to. `guests.ts LINK…`; asked `{ count }`, it answers how long each took: so
 * many visits to each link, in turn.
 */
import { serve } from '../../../bench/process/child.ts'
import { createMemoryHooks } from '../../../src/hooks/memory/create-memory-hooks.ts'
import {
  generatePrivateKeyBytes,
  privateKeyFromBytes,
} from '../../../src/network/identity/identity-key.ts'
import { peerIdOfPublicKey } from '../../../src/protocol/base/peer-id-text.ts'
import { redeemLink } from '../../../src/service/redeeming/redeem-link.ts'
import { Redeemer } from '../../../src/service/redeeming/redeemer.ts'
import { openMemoryStore } from '../../../src/store/transaction/store.ts'

const links = process.argv.slice(2)

/** The longest that a guest waits, ms: a hang's bound. */
const PATIENCE_MS = 60_000

interface Visit {
  readonly ms: number
  /** Empty if there is a tally. */
  readonly problem: string
}

async function visit(link: string): Promise<Visit> {
  const key = generatePrivateKeyBytes()
  const localPeer = peerIdOfPublicKey(privateKeyFromBytes(key).publicKey.raw)
  const store = openMemoryStore()
  const redeemer = new Redeemer({ store, hooks: createMemoryHooks(), key, config: {} })
  const began = performance.now()
  try {
    const result = await redeemLink(
      { store, redeemer, localPeer, identity: {}, cadre: [] },
      {
        text: link,
        given: {},
        timeoutMs: PATIENCE_MS,
        another: false,
        dryRun: false,
        interrupted: new AbortController().signal,
        agree: async () => true,
      },
    )
    const problem = result.kind === 'completed' ? '' : JSON.stringify(result)
    return { ms: performance.now() - began, problem }
  } catch (error) {
    return { ms: performance.now() - began, problem: String(error) }
  } finally {
    store.close()
  }
}

async function visits(count: number): Promise<Visit[][]> {
  const made = links.map((link) => ({ link, visits: [] as Visit[] }))
  for (let turn = 0; turn < count; turn += 1) {
    for (const each of made) each.visits.push(await visit(each.link))
  }
  return made.map((each) => each.visits)
}

function countIn(question: unknown): number {
  const isAsked = typeof question === 'object' && question !== null && 'count' in question
  return isAsked ? Number(question.count) : 0
}

serve({ ready: true }, (question) => visits(countIn(question)))
