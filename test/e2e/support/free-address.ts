import { once } from 'node:events'
import { createServer } from 'node:net'

/** An address that nobody listens on. */
export async function freeAddress(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = Object(server.address())
  server.close()
  await once(server, 'close')
  return `/ip4/127.0.0.1/tcp/${port}`
}
