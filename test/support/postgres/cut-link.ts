import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'

/**
 * When the link is cut: before a COMMIT has reached the server, when it was just passed on, or when it is answered and the
 * answer is kept back.
 */
export type Cut = 'before' | 'under way' | 'answered'

/** How each transaction begins that may write. */
const WRITING = 'READ COMMITTED'

/** A way to a server on loopback, which can be cut at a COMMIT. */
export interface CutLink {
  readonly port: number
  /** Cuts each connection at its next COMMIT, for so many of them. @param of what a transaction is to have done. @default anything */
  cut(when: Cut, times?: number, of?: 'anything' | 'writes'): void
  /** Cuts all connections, and takes no new ones until told. */
  refuse(isRefused: boolean): void
  /** How often it was cut. */
  readonly cuts: number
  close(): Promise<void>
}

export async function cutLink(port: number): Promise<CutLink> {
  let when: Cut = 'before'
  let left = 0
  let cuts = 0
  let isRefused = false
  let isOfWrites = false
  const open = new Set<Socket>()
  const server: Server = createServer((near) => {
    if (isRefused) return void near.destroy()
    const far = connect(port, '127.0.0.1')
    const ends = [near, far]
    let isCommitting = false
    let isWriting = false
    const hangUp = (): void => {
      for (const each of ends) each.destroy()
    }
    for (const each of ends) {
      open.add(each)
      each.on('error', hangUp).on('close', () => {
        open.delete(each)
        hangUp()
      })
    }
    near.on('data', (bytes) => {
      isWriting ||= bytes.includes(WRITING)
      const isCommit = bytes.includes('COMMIT\0')
      const isAtCommit = left > 0 && isCommit && (isWriting || !isOfWrites)
      if (isCommit) isWriting = false
      if (isAtCommit) {
        left -= 1
        cuts += 1
        isCommitting = true
      }
      if (isAtCommit && when === 'before') return hangUp()
      far.write(bytes, () => {
        if (isAtCommit && when === 'under way') hangUp()
      })
      return undefined
    })
    far.on('data', (bytes) => {
      if (!isCommitting) near.write(bytes)
      // The answer to it is the last: nothing of the answers before is missed.
      else if (bytes.includes('COMMIT\0') || bytes.includes('ROLLBACK\0')) hangUp()
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    port: address.port,
    cut: (at, times = 1, of = 'anything') => {
      when = at
      left = times
      isOfWrites = of === 'writes'
    },
    refuse: (is) => {
      isRefused = is
      if (is) for (const each of open) each.destroy()
    },
    get cuts() {
      return cuts
    },
    close: async () => {
      for (const each of open) each.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
