import type { Stream } from '@libp2p/interface'
import { expect, test } from 'vitest'
import { serveBootstrap } from '../../../src/network/node/serve.ts'

type Node = Parameters<typeof serveBootstrap>[0]

test.each(['reset', 'closed', 'aborted'] as const)(
  'a stream that is %s when it is handed over leads to no session',
  async (status) => {
    let handle: (stream: Stream) => void = () => undefined
    const node = {
      handle: async (_protocol: string, handler: typeof handle) => {
        handle = handler
      },
      unhandle: async () => undefined,
    }
    const taken: unknown[] = []
    await serveBootstrap(node as unknown as Node, (transport) => taken.push(transport))
    handle({ status } as Stream)
    expect(taken).toEqual([])
  },
)
