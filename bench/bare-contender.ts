import { z } from 'zod'
import { DEFAULT_FRAMES } from './bare-frames.ts'
import { startChild } from './child.ts'
import { measuredSchema, type WatchedContender } from './load.ts'
import { type ProcessUsage, processUsageSchema } from './process-usage.ts'

const addressesSchema = z.tuple([z.string()], z.string())

/**
 * Starts server and client of the bare exchange.
 * @param frames the messages of one exchange, see `parseFrames`
 * @param kind `plain`: on libp2p as it comes; `tuned`: on nodes with all of our settings
 */
export async function startBare(
  frames: string = DEFAULT_FRAMES,
  kind: 'plain' | 'tuned' = 'plain',
): Promise<WatchedContender> {
  const server = await startChild('bare-server.ts', kind, frames)
  const [address] = addressesSchema.parse(server.greeting)
  const client = await startChild('bare-client.ts', kind, frames, address)
  const usage = async (collect = false): Promise<ProcessUsage> =>
    processUsageSchema.parse(await server.ask({ collect }))
  return {
    name: 'bare',
    async measure(load) {
      const before = await usage()
      const measured = measuredSchema.parse(await client.ask(load))
      return { ...measured, serverCpu: ((await usage()).cpu - before.cpu) / load.count }
    },
    usage,
    async stop() {
      await client.stop()
      await server.stop()
    },
  }
}
