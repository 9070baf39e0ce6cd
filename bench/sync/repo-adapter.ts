import type { Socket } from 'node:net'
import type { RepoLibrary } from './repo-library.ts'

/** Messages that were sent, and their bytes. */
export interface Sent {
  messages: number
  bytes: number
}

/** Carries a repo's messages over a TCP socket, each behind its length; counts those that are sent. */
export function repoAdapter({ NetworkAdapter, cbor }: RepoLibrary, socket: Socket, sent: Sent) {
  const write = (value: unknown): number => {
    const bytes = cbor.encode(value)
    const length = Buffer.alloc(4)
    length.writeUInt32BE(bytes.length)
    socket.write(Buffer.concat([length, bytes]))
    return bytes.length
  }
  return new (class extends NetworkAdapter {
    peerId: string | undefined

    isReady(): boolean {
      return true
    }

    async whenReady(): Promise<void> {}

    connect(peerId: string): void {
      this.peerId = peerId
      eachMessage(socket, (bytes) => this.#heard(Object(cbor.decode(bytes))))
      socket.on('close', () => this.emit('close'))
      write({ type: 'hello', senderId: peerId })
    }

    send(message: unknown): void {
      sent.messages += 1
      sent.bytes += write(message)
    }

    disconnect(): void {
      socket.end()
    }

    #heard(message: { readonly type?: unknown; readonly senderId?: unknown }): void {
      if (message.type !== 'hello') this.emit('message', message)
      else this.emit('peer-candidate', { peerId: message.senderId, peerMetadata: {} })
    }
  })()
}

function eachMessage(socket: Socket, hear: (bytes: Uint8Array) => void): void {
  let held = Buffer.alloc(0)
  socket.on('data', (chunk) => {
    held = Buffer.concat([held, Buffer.from(chunk)])
    while (held.length >= 4 && held.length >= 4 + held.readUInt32BE()) {
      const end = 4 + held.readUInt32BE()
      hear(held.subarray(4, end))
      held = held.subarray(end)
    }
  })
}
