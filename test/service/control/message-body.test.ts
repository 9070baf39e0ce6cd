import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import { expect, it } from 'vitest'
import { jsonBody } from '../../../src/service/control/message-body.ts'

function bodyOf(text: string): Promise<unknown> {
  return jsonBody(Readable.from([Buffer.from(text)]) as IncomingMessage)
}

it('a request with a name twice is taken for none, which no schema takes', async () => {
  expect(await bodyOf('{"sessionId":"a"}')).toEqual({ sessionId: 'a' })
  expect(await bodyOf('{"sessionId":"a","sessionId":"b"}')).toBeUndefined()
  expect(await bodyOf('no JSON')).toBeUndefined()
})
