import type { Socket } from 'node:net'
import { CONTROL_TIMEOUT_MS, MAX_CONTROL_LINE } from './control-protocol.ts'

/** Hear the one line that a client says. Who says none, half of one, or no end of it, is cut off. */
export function onLine(socket: Socket, hear: (line: string) => void): void {
  let text = ''
  let isAsked = false
  socket.setTimeout(CONTROL_TIMEOUT_MS, () => socket.destroy())
  socket.on('error', () => socket.destroy())
  socket.on('end', () => {
    // Without a whole line there is nothing to answer.
    if (!text.includes('\n')) socket.destroy()
  })
  socket.setEncoding('utf8')
  socket.on('data', (chunk: string) => {
    if (isAsked) return
    text += chunk
    const end = text.indexOf('\n')
    if (end >= 0) {
      isAsked = true
      hear(text.slice(0, end))
    } else if (text.length > MAX_CONTROL_LINE) socket.destroy()
  })
}
