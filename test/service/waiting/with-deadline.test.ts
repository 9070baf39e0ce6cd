import { expect, it } from 'vitest'
import { withDeadline } from '../../../src/service/waiting/with-deadline.ts'

/** Waits until it is given up. */
const patiently = (signal: AbortSignal): Promise<never> =>
  new Promise((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason)
    signal.addEventListener('abort', () => reject(signal.reason))
  })

it('work ends when the user gives up, also if that was before it began', async () => {
  const controller = new AbortController()
  const work = withDeadline(600_000, controller.signal, patiently)
  controller.abort()
  await expect(work).rejects.toMatchObject({ code: 'interrupted' })
  await expect(withDeadline(600_000, controller.signal, patiently)).rejects.toMatchObject({
    code: 'interrupted',
  })
})

it('work ends when its time is over', async () => {
  const { signal } = new AbortController()
  await expect(withDeadline(1, signal, patiently)).rejects.toMatchObject({ code: 'unreachable' })
})
