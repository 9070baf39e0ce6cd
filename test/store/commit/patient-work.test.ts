import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { PATIENCE_MS, PatientWork } from '../../../src/store/commit/patient-work.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('work that may wait', () => {
  it('is done in its order, once, when it has waited long enough', () => {
    const done: number[] = []
    const patient = new PatientWork(PATIENCE_MS)
    patient.add(() => done.push(1))
    vi.advanceTimersByTime(PATIENCE_MS - 1)
    patient.add(() => done.push(2))
    expect(done).toEqual([])
    vi.advanceTimersByTime(1)
    expect(done).toEqual([1, 2])
    vi.advanceTimersByTime(10 * PATIENCE_MS)
    expect(done).toEqual([1, 2])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('is done before other work is, and leaves no timer', () => {
    const done: number[] = []
    const patient = new PatientWork(PATIENCE_MS)
    patient.add(() => done.push(1))
    patient.flush()
    expect(done).toEqual([1])
    expect(vi.getTimerCount()).toBe(0)
    patient.flush()
    expect(done).toEqual([1])
  })

  it('may bring more work that waits', () => {
    const done: number[] = []
    const patient = new PatientWork(PATIENCE_MS)
    patient.add(() => {
      done.push(1)
      patient.add(() => done.push(2))
    })
    patient.flush()
    expect(done).toEqual([1])
    vi.advanceTimersByTime(PATIENCE_MS)
    expect(done).toEqual([1, 2])
  })

  it('is done at once by a store without patience', () => {
    const done: number[] = []
    new PatientWork(0).add(() => done.push(1))
    expect(done).toEqual([1])
    expect(vi.getTimerCount()).toBe(0)
  })
})
