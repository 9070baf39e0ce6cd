import { expect, test } from 'vitest'
import { scanLink } from '../../../src/cli/scan/scan-link.ts'

test('a page that nobody scans with ends in time, and is gone then', async () => {
  const shown: string[] = []
  const show = (text: string) => void shown.push(text)
  await expect(scanLink({ open: false, show, withinMs: 50 })).rejects.toMatchObject({
    code: 'scan_timed_out',
  })
  const [address = ''] = /http:\S+/.exec(shown.join('\n')) ?? []
  expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/[\w-]{22}\/$/)
  await expect(fetch(address)).rejects.toThrow()
})
