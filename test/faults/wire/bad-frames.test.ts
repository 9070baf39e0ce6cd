import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Stream } from '@libp2p/interface'
import { StreamMessageEvent } from '@libp2p/interface'
import { expect, onTestFinished, test } from 'vitest'
import * as z from 'zod'
import { startChild } from '../../../bench/process/child.ts'
import { FrameDecoder } from '../../../src/protocol/frame/frame-decoder.ts'
import { encodeFrame } from '../../../src/protocol/frame/frame-encoder.ts'
import { MAX_JSON_DEPTH } from '../../../src/protocol/json/json-outline.ts'
import { decodeMessage } from '../../../src/protocol/message/message-codec.ts'
import { overOf, Target } from '../hostile/target.ts'

const inspect = (rest: string): Uint8Array =>
  encodeFrame(Buffer.from(`{"type":"Inspect","secret":"AAAAAAAAAAAAAAAAAAAAAA"${rest}}`))

const BAD: Readonly<Record<string, Uint8Array>> = {
  'an empty frame': Buffer.of(0),
  'a frame of one byte more than may be': Buffer.of(0x81, 0x80, 0x04),
  'a huge frame': Buffer.of(0xff, 0xff, 0x7f),
  'a prefix of one byte more than may be': Buffer.of(0x80, 0x80, 0x80, 0x01),
  'a level more than may be': encodeFrame(
    Buffer.from('['.repeat(MAX_JSON_DEPTH + 1) + ']'.repeat(MAX_JSON_DEPTH + 1)),
  ),
  'as many members as fit': encodeFrame(
    Buffer.from(`{${Array.from({ length: 5_000 }, (_, at) => `"${at}":1`).join()}}`),
  ),
  'a prototype': inspect(',"__proto__":{"type":"Decline"}'),
  'no number': inspect(',"at":NaN'),
  'half a character': inspect(',"name":"\\ud800"'),
  'what is not UTF-8': encodeFrame(Buffer.of(0x22, 0xed, 0xa0, 0x80, 0x22)),
  'a name twice': inspect(',"type":"Inspect"'),
  'what only an inviter says': encodeFrame(
    Buffer.from('{"type":"Receipt","redemptionId":"a","outcome":"confirmed"}'),
  ),
}

const hostSchema = z.object({ link: z.string(), addresses: z.array(z.string()) })

/** Resolves with the refusal's code, or nothing, and how long it took, ms, when the stream is over. */
async function answerTo(stream: Stream, bytes: Uint8Array) {
  const decoder = new FrameDecoder()
  const began = performance.now()
  let code: string | undefined
  let ms = Number.POSITIVE_INFINITY
  stream.addEventListener('message', (event) => {
    if (!(event instanceof StreamMessageEvent)) return
    for (const payload of decoder.push(event.data.subarray())) {
      const message = decodeMessage(payload)
      code =
        message.type === 'ProvisioningResult' && !message.approved ? message.code : message.type
      ms = performance.now() - began
    }
    void stream.close().catch(() => undefined)
  })
  stream.send(bytes)
  await overOf(stream)
  return { code, ms }
}

test('bad frames are refused as soon as a good one is answered, and leave the listener as it was', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'taleus-frames-'))
  onTestFinished(() => rm(directory, { recursive: true, force: true }))
  const host = await startChild(join(import.meta.dirname, '../hostile/host.ts'), directory)
  onTestFinished(() => host.stop())
  const { link, addresses } = hostSchema.parse(host.greeting)
  const target = new Target(link, addresses)
  const heard: Record<string, string | undefined> = {}
  const times: { bad: number[]; good: number[] } = { bad: [], good: [] }
  for (const [name, bytes] of Object.entries(BAD)) {
    const node = await target.peer()
    const connection = await target.connect(node)
    const good = await answerTo(await target.open(connection), target.inspect())
    const bad = await answerTo(await target.open(connection), bytes)
    expect(good.code).toBe('Offer')
    heard[name] = bad.code
    times.good.push(good.ms)
    times.bad.push(bad.ms)
    await node.stop()
  }
  expect(heard).toEqual(
    Object.fromEntries(Object.keys(BAD).map((name) => [name, 'protocol_violation'])),
  )
  const median = (all: readonly number[]) => all.toSorted((a, b) => a - b)[all.length >> 1] ?? 0
  // Reading what is bad is no more work than answering what is good; a slow machine is slow with both.
  expect(median(times.bad)).toBeLessThan(3 * median(times.good))
  expect(await host.ask({})).toMatchObject({ uncaught: [] })
  await host.stop()
}, 60_000)
