export interface YamuxFrame {
  /** 0: data, 1: window update, 2: ping, 3: farewell. */
  readonly type: number
  readonly stream: number
  /** 1: new stream, or a question; 8: reset. */
  readonly flag?: number
  /** What the header says, whatever data there is. */
  readonly length?: number
  readonly data?: Buffer
}

/** A frame of the muxer's, well-formed or not. */
export function yamuxFrame({ type, stream, flag = 0, data = Buffer.of(), length }: YamuxFrame) {
  const header = Buffer.alloc(12)
  header[1] = type
  header.writeUInt16BE(flag, 2)
  header.writeUInt32BE(stream, 4)
  header.writeUInt32BE(length ?? data.length, 8)
  return Buffer.concat([header, data])
}
