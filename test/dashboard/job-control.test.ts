import { setImmediate as turn } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { JobControl } from '../../src/dashboard/job-control.ts'

test('a signal that comes before the view can leave its terminal, or while it does, is obeyed then', async () => {
  const job = new JobControl()
  onTestFinished(() => job.release())
  process.emit('SIGTSTP')
  const moves: (() => void)[] = []
  // Leaves the terminal, but never gets to the work: that would stop the tests.
  const detach = job.attach(async () => await new Promise<void>((done) => moves.push(done)))
  expect(moves.length).toBe(1)
  process.emit('SIGTSTP')
  expect(moves.length).toBe(1)
  moves[0]?.()
  await turn()
  expect(moves.length).toBe(2)
  process.emit('SIGCONT')
  moves[1]?.()
  await turn()
  expect(moves.length).toBe(3)
  moves[2]?.()
  await turn()
  expect(moves.length).toBe(3)
  detach()
  process.emit('SIGTSTP')
  expect(moves.length).toBe(3)
})
