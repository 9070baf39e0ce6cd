import { z } from 'zod'
import { Contender } from '../load/contender.ts'
import type { Place } from '../process/place.ts'
import { DEFAULT_FRAMES } from './frames.ts'

const PROCESS = 'bare/bare-process.ts'

/**
 * Starts server and client of the bare exchange.
 * @param frames the messages of one exchange, see `parseFrames`
 * @param kind `plain`: on libp2p as it comes; `tuned`: on nodes with all of our settings
 */
export async function startBare(
  place: Place,
  frames: string = DEFAULT_FRAMES,
  kind: 'plain' | 'tuned' = 'plain',
): Promise<Contender> {
  const server = await place.child(PROCESS, kind, frames)
  const address = z.string().parse(server.greeting)
  const client = await place.child(PROCESS, kind, frames, address)
  return new Contender(server, client)
}
