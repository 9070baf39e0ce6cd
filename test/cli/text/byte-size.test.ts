import { expect, test } from 'vitest'
import { parseEndpoint } from '../../../src/cli/settings/endpoint.ts'
import { formatSetting, parseSetting } from '../../../src/cli/settings/setting-values.ts'
import { formatBytes, parseBytes } from '../../../src/cli/text/byte-size.ts'

const BOUNDS = { min: 0, max: 1_024 ** 4, of: 'size' }

test.each([
  ['0', 0],
  ['4096', 4_096],
  ['64MiB', 67_108_864],
  ['64m', 67_108_864],
  ['1TiB', 1_024 ** 4],
  ['1 GiB', undefined],
  ['1GB', 1_073_741_824],
  ['2TiB', undefined],
  ['1.5GiB', undefined],
  ['-1', undefined],
  ['MiB', undefined],
  ['', undefined],
])('the size %j is %s', (text, bytes) => {
  if (bytes === undefined) expect(() => parseBytes(text, BOUNDS)).toThrow('from 0B to 1TiB')
  else expect(parseBytes(text, BOUNDS)).toBe(bytes)
})

test('a size is shown short, and a setting so that nothing is lost', () => {
  expect([0, 1, 1_536, 67_108_864, 1_600_000_000].map(formatBytes)).toEqual([
    '0B',
    '1B',
    '1.5KiB',
    '64MiB',
    '1.5GiB',
  ])
  for (const bytes of [0, 5, 1_536, 67_108_864, 1_600_000_001]) {
    const text = formatSetting('disk-warn', bytes)
    expect(parseSetting('disk-warn', [text])).toBe(bytes)
  }
})

test.each([
  ['127.0.0.1:9464', { host: '127.0.0.1', port: 9464 }],
  ['[::1]:0', { host: '::1', port: 0 }],
  ['localhost:80', { host: 'localhost', port: 80 }],
  ['localhost', undefined],
  ['::1:80', undefined],
  [':80', undefined],
  ['localhost:65536', undefined],
  ['http://localhost:80', undefined],
])('the endpoint %j is %j', (text, endpoint) => {
  expect(parseEndpoint(text)).toEqual(endpoint)
})
