import { expect, test } from 'vitest'
import { answeredNames, neighbourName } from '../../../src/network/neighbours/neighbour-name.ts'

const PEER = '12D3KooWKnDdG3iXw9eTFijk3EWSunZcFi54Zka4wmtqtt6rPxc8'
const NOON = Date.UTC(2030, 5, 1, 12)
const DAY_MS = 86_400_000

test('a name is a label that DNS takes, and has nothing of the peer id in it', () => {
  const name = neighbourName(PEER, NOON)
  expect(name).toMatch(/^[a-z2-7]{26}\._taleus\._udp\.local$/)
  expect(PEER.toLowerCase()).not.toContain(name.slice(0, 4))
})

test('it is the same all day, another one the next, and another peer’s is another', () => {
  expect(neighbourName(PEER, NOON + 3_600_000)).toBe(neighbourName(PEER, NOON))
  expect(neighbourName(PEER, NOON + DAY_MS)).not.toBe(neighbourName(PEER, NOON))
  expect(neighbourName(`${PEER}x`, NOON)).not.toBe(neighbourName(PEER, NOON))
})

test('a peer answers to a question by a clock that is up to a day off', () => {
  const names = answeredNames(PEER, NOON)
  for (const ms of [-DAY_MS, 0, DAY_MS]) expect(names).toContain(neighbourName(PEER, NOON + ms))
  expect(names).not.toContain(neighbourName(PEER, NOON + 2 * DAY_MS))
})
