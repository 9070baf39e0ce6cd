import { setTimeout as pause } from 'node:timers/promises'
import type { EmbeddedPostgres } from '../../support/postgres/embedded-postgres.ts'
import type { PartyOfNodes } from './party-of-nodes.ts'

/** The longest that a commit is waited for, ms. */
const NO_COMMIT_MS = 30_000

/** Stops a server at once, and starts it again, so many times. Recovery takes a while each time: work goes on between. */
export async function stopServer(server: EmbeddedPostgres, times: number): Promise<void> {
  for (let stop = 0; stop < times; stop += 1) {
    await pause(120 + ((stop * 173) % 500))
    await server.crash()
    await pause((stop % 4) * 70)
    await server.start()
  }
  await pause(200)
}

/** Cuts the nodes' links in turn, each when a COMMIT of something was answered, and keeps the answer back. */
export async function cutReplies({ links }: PartyOfNodes, times: number): Promise<void> {
  for (let cut = 0; cut < times; cut += 1) {
    const link = links[cut % links.length]
    if (link === undefined) throw new TypeError('there is no node')
    const cuts = link.cuts
    link.cut('answered', 1, 'writes')
    const until = performance.now() + NO_COMMIT_MS
    while (link.cuts === cuts) {
      if (performance.now() > until) throw new Error('nothing was committed')
      await pause(2)
    }
    await pause(10)
  }
}
