import { PassThrough } from 'node:stream'
import { expect, it } from 'vitest'
import { redrawOnResize } from '../../src/dashboard/redraw-on-resize.ts'

it('before anybody draws for a new size, the screen is empty and what was drawn is forgotten', () => {
  const told: string[] = []
  const stdout = new PassThrough()
  stdout.on('resize', () => told.push('drawn'))
  stdout.on('data', (chunk) => told.push(String(chunk)))
  const stop = redrawOnResize(stdout, () => told.push('forgotten'))
  stdout.emit('resize')
  expect(told).toEqual(['forgotten', '\u001b[2J\u001b[H', 'drawn'])
  stop()
  stdout.emit('resize')
  expect(told.slice(3)).toEqual(['drawn'])
})
