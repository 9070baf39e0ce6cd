import { once } from 'node:events'
import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { containStream } from '../../../src/hooks/postgres/contained-stream.ts'

describe('the stream of a server that a partner has named', () => {
  it('passes as many bytes as it may, and ends with the next one', async () => {
    const stream = new PassThrough()
    const heard: Buffer[] = []
    stream.on('data', (bytes) => heard.push(bytes))
    containStream(stream, 'db.example:5432/tallies', 8)
    stream.write('12345678')
    expect(Buffer.concat(heard).toString()).toBe('12345678')
    stream.write('9')
    const [error] = await once(stream, 'error')
    expect(error).toMatchObject({ code: 'database_setup', server: 'db.example:5432/tallies' })
    expect(Buffer.concat(heard).toString()).toBe('12345678')
  })

  it('ends with what its reader throws, which nobody else hears', async () => {
    const stream = new PassThrough()
    const cause = new RangeError('what came is no message')
    stream.on('data', () => {
      throw cause
    })
    containStream(stream, 'db.example:5432/tallies')
    stream.write('1')
    const [error] = await once(stream, 'error')
    expect(error).toMatchObject({ code: 'database_setup', cause })
  })
})
