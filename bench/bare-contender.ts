import { z } from 'zod'
import { DEFAULT_FRAMES } from './bare-frames.ts'
import { startChild } from './child.ts'
import type { Contender } from './load.ts'

const addressesSchema = z.tuple([z.string()], z.string())
const usageSchema = z.object({ user: z.number(), system: z.number() })
const measuredSchema = z.object({ rate: z.number(), p50: z.number(), p99: z.number() })

/**
 * Starts server and client of the bare exchange.
 * @param frames the messages of one exchange, see `parseFrames`
 * @param kind `ours`: on nodes tuned like ours; `stock`: on libp2p as it comes
 */
export async function startBare(
  frames: string = DEFAULT_FRAMES,
  kind: 'ours' | 'stock' = 'ours',
): Promise<Contender> {
  const server = await startChild('bare-server.ts', kind, frames)
  const [address] = addressesSchema.parse(server.greeting)
  const client = await startChild('bare-client.ts', kind, frames, address)
  const serverCpu = async (): Promise<number> => {
    const { user, system } = usageSchema.parse(await server.ask({}))
    return (user + system) / 1000
  }
  return {
    name: 'bare',
    async measure(load) {
      const before = await serverCpu()
      const measured = measuredSchema.parse(await client.ask(load))
      return { ...measured, serverCpu: ((await serverCpu()) - before) / load.count }
    },
    async stop() {
      await client.stop()
      await server.stop()
    },
  }
}
