import type { Outlet } from './outlet.ts'
import { StreamOutlet } from './stream-outlet.ts'
import { openTerminal, TerminalOutlet } from './terminal-outlet.ts'

/**
 * Makes sure that nothing in this process waits for a stream any more, whoever writes to it: if it is a terminal, all
 * that is written to it goes another way from now on. A terminal that is gone is an `error` event of the stream.
 */
export function outletOf(stream: NodeJS.WriteStream & { readonly fd?: number }): Outlet {
  const fd = stream.isTTY && stream.fd !== undefined ? openTerminal(stream.fd) : undefined
  if (fd === undefined) return new StreamOutlet(stream)
  const outlet = new TerminalOutlet(fd, (error) => {
    setImmediate(() => stream.emit('error', error))
  })
  stream.write = (chunk: Uint8Array | string, ...rest: readonly unknown[]): boolean => {
    outlet.write(chunk)
    const done = rest.find((each) => typeof each === 'function')
    // As taken, whatever becomes of it: who waits for a terminal may wait for ever.
    if (done !== undefined) setImmediate(() => Reflect.apply(done, undefined, []))
    return true
  }
  return outlet
}
