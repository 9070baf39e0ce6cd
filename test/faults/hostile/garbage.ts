import { randomBytes } from 'node:crypto'

/**
 * Every sort of bad beginning, before anything is encrypted. Lengths are one byte longer than our bound, which any other
 * reader refuses or takes as well.
 */
export const GARBAGE: readonly (() => Uint8Array)[] = [
  () => Buffer.of(0x80, 0x80, 0x01),
  () => randomBytes(2_000),
  () => Buffer.from('GET / HTTP/1.1\r\nHost: a\r\nUpgrade: webso'),
  () =>
    Buffer.concat([
      Buffer.of(19),
      Buffer.from('/multistream/1.0.0\n'),
      Buffer.of(0xff, 0xff, 0x01),
    ]),
]
