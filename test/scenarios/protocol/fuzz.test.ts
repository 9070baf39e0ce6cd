import { performance } from 'node:perf_hooks'
import { base32 } from 'multiformats/bases/base32'
import { describe, expect, it } from 'vitest'
import { sha256 } from '../../../src/protocol/base/digest.ts'
import { peerIdOfPublicKey } from '../../../src/protocol/base/peer-id-text.ts'
import { FrameError, LinkError, MessageError } from '../../../src/protocol/errors.ts'
import { FrameDecoder } from '../../../src/protocol/frame/frame-decoder.ts'
import { encodeFrame } from '../../../src/protocol/frame/frame-encoder.ts'
import { decodeLink, encodeLink } from '../../../src/protocol/link/link.ts'
import { decodeMessage, encodeMessage } from '../../../src/protocol/message/message-codec.ts'
import type { Message } from '../../../src/protocol/message/messages.ts'

/** Runs in all, over the three kinds of input. Set it to 1000000 for the long run. */
const RUNS = Number(process.env['TALEUS_FUZZ_RUNS'] ?? 6_000)
const SEED = Number(process.env['TALEUS_FUZZ_SEED'] ?? 1)
const EACH = Math.ceil(RUNS / 3)
/** A single input that takes this long is a hang, on however slow a machine. */
const HANG_MS = 2_000
const TIMEOUT_MS = 60_000 + RUNS

/** mulberry32: small, fast, and the same numbers on every machine. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed >>> 0
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

type Random = (below: number) => number

/** Flips, overwrites, inserts, removes, repeats or cuts, one to four times. */
function mutate(random: Random, original: Uint8Array): Uint8Array {
  let bytes = [...original]
  for (let left = 1 + random(4); left > 0; left--) {
    const at = random(bytes.length + 1)
    const kind = random(6)
    if (kind === 0) bytes[at] = (bytes[at] ?? 0) ^ (1 << random(8))
    else if (kind === 1) bytes[at] = random(256)
    else if (kind === 2) bytes.splice(at, 0, random(256))
    else if (kind === 3) bytes.splice(at, 1 + random(4))
    else if (kind === 4) bytes.splice(at, 0, ...bytes.slice(at, at + random(20)))
    else bytes = bytes.slice(0, at)
  }
  return Uint8Array.from(bytes)
}

function randomBytes(random: Random, most: number): Uint8Array {
  return Uint8Array.from({ length: random(most) }, () => random(256))
}

/** Does the work, in a time that shows no hang. */
function timed<T>(work: () => T): T {
  const start = performance.now()
  const result = work()
  expect(performance.now() - start).toBeLessThan(HANG_MS)
  return result
}

const peer = peerIdOfPublicKey(new Uint8Array(32).fill(3))
const link = encodeLink({
  role: 'foil',
  secret: new Uint8Array(16).fill(5),
  expiresAt: 1_800_000_000,
  publicKey: new Uint8Array(32).fill(3),
  addresses: [
    '/ip4/192.0.2.7/tcp/4001',
    '/dns4/a.example/tcp/443/tls/ws',
    '/ip6/2001:db8::1/tcp/1',
  ],
})
const messages: readonly Message[] = [
  { type: 'Inspect', secret: 'AAECAwQFBgcICQoLDA0ODw' },
  {
    type: 'Offer',
    role: 'stock',
    terms: { a: [1, 'x', null, true, 0.5] },
    required: ['name'],
    optional: [],
    expiresAt: 1_800_000_000,
  },
  {
    type: 'InboundContact',
    bootstrapId: 'b-1',
    secret: 'AAECAwQFBgcICQoLDA0ODw',
    partyId: peer,
    role: 'stock',
    identity: { name: 'Bob "the" \\ Böb', city: 'x' },
    cadre: [`/dns/a.example/tcp/1/p2p/${peer}`],
  },
]

describe('fuzzed input', () => {
  it('as a link is refused, or has one canonical form', { timeout: TIMEOUT_MS }, () => {
    const random = randomFrom(SEED)
    const characters = new TextEncoder().encode(link)
    const bytes = base32.baseDecode(link.slice(8))
    let accepted = 0
    for (let run = 0; run < EACH; run++) {
      const text = fuzzedLink(random, characters, bytes)
      const content = timed(() => acceptedLink(text))
      if (content === undefined) continue
      accepted++
      const plain = text.toLowerCase().replace(/[^a-z2-7:]/g, '')
      expect(encodeLink(content)).toBe(plain)
    }
    // Otherwise the fuzzer would only test the first check.
    expect(accepted).toBeGreaterThan(0)
    expect(accepted).toBeLessThan(EACH)
  })

  it('as a message is refused, or means the same when sent on', { timeout: TIMEOUT_MS }, () => {
    const random = randomFrom(SEED + 1)
    const payloads = messages.map(encodeMessage)
    let accepted = 0
    for (let run = 0; run < EACH; run++) {
      const base = payloads[random(payloads.length)] ?? new Uint8Array(0)
      const payload = run % 16 === 0 ? randomBytes(random, 200) : mutate(random, base)
      const message = timed(() => acceptedMessage(payload))
      if (message === undefined) continue
      accepted++
      expect(decodeMessage(encodeMessage(message))).toEqual(message)
    }
    expect(accepted).toBeGreaterThan(0)
    expect(accepted).toBeLessThan(EACH)
  })

  it('as frames ends alike however it is cut', { timeout: TIMEOUT_MS }, () => {
    const random = randomFrom(SEED + 2)
    const ends = new Set<string>()
    for (let run = 0; run < EACH; run++) {
      const payloads = Array.from({ length: 1 + random(9) }, () => randomBytes(random, 40))
      const whole = Buffer.concat(payloads.filter(({ length }) => length > 0).map(encodeFrame))
      const bytes = random(4) === 0 ? whole : mutate(random, whole)
      const atOnce = timed(() => decodeFrames([bytes]))
      const cut = timed(() => decodeFrames(cutUp(random, bytes)))
      expect(cut).toEqual(atOnce)
      if (atOnce.end === 'whole') expect(encodeFrames(atOnce.frames)).toEqual(Buffer.from(bytes))
      ends.add(atOnce.end)
    }
    expect(ends).toContain('whole')
    expect(ends.size).toBeGreaterThan(3)
  })
})

/** A changed text, or changed bytes sealed again, so that the checks behind the checksum are reached. */
function fuzzedLink(random: Random, characters: Uint8Array, bytes: Uint8Array): string {
  if (random(2) === 0) return Buffer.from(mutate(random, characters)).toString('latin1')
  const changed = mutate(random, bytes.subarray(0, -4))
  const sealed = new Uint8Array([...changed, ...sha256(changed).subarray(0, 4)])
  return `taleus:b${base32.baseEncode(sealed)}`
}

function acceptedLink(text: string) {
  try {
    return decodeLink(text)
  } catch (error) {
    if (error instanceof LinkError) return undefined
    throw error
  }
}

function acceptedMessage(payload: Uint8Array): Message | undefined {
  try {
    return decodeMessage(payload)
  } catch (error) {
    if (error instanceof MessageError) return undefined
    throw error
  }
}

function cutUp(random: Random, bytes: Uint8Array): readonly Uint8Array[] {
  const chunks: Uint8Array[] = []
  for (let offset = 0; offset < bytes.length; ) {
    const next = offset + 1 + random(12)
    chunks.push(bytes.subarray(offset, next))
    offset = next
  }
  return chunks
}

function encodeFrames(frames: readonly string[]): Buffer {
  return Buffer.concat(frames.map((frame) => encodeFrame(Buffer.from(frame, 'hex'))))
}

function decodeFrames(chunks: readonly Uint8Array[]) {
  const decoder = new FrameDecoder()
  const frames: string[] = []
  const keep = (frame: Uint8Array) => frames.push(Buffer.from(frame).toString('hex'))
  try {
    for (const chunk of chunks) for (const frame of decoder.push(chunk)) keep(frame)
    decoder.end()
    return { frames, end: 'whole' }
  } catch (error) {
    if (!(error instanceof FrameError)) throw error
    for (const frame of error.frames) keep(frame)
    return { frames, end: error.problem }
  }
}
