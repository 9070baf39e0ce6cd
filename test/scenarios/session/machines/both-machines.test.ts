import { describe, expect, it } from 'vitest'
import { DIALER_TABLE } from '../../../../src/session/machine/dialer-table.ts'
import { LISTENER_TABLE } from '../../../../src/session/machine/listener-table.ts'
import { type Composite, type WalkOptions, walk } from '../../../support/session/machine/walk.ts'

const FINAL = ['COMPLETED', 'FAILED', 'TIMEOUT']

/** Nothing under way that could still move it but a clock. */
function isQuiet(at: Composite): boolean {
  const { listenerWork, dialerWork, toListener, toDialer } = at
  return [listenerWork, dialerWork, toListener, toDialer].every(({ length }) => length === 0)
}

function names(reached: readonly Composite[], side: 'listener' | 'dialer'): Set<string> {
  return new Set(reached.map((at) => at[side].name))
}

const VARIANTS: readonly Omit<WalkOptions, 'faults'>[] = [true, false].flatMap((inspectFirst) =>
  [true, false].flatMap((identityRequired) =>
    (['stock', 'foil'] as const).flatMap((role) =>
      (['nothing', 'delegated', 'committed'] as const)
        .filter((before) => role === 'foil' || before !== 'delegated')
        .map((before) => ({ role, identityRequired, inspectFirst, before })),
    ),
  ),
)

describe('both machines on a stream that works', () => {
  it.each(VARIANTS)('end in a confirmed tally: %j', (variant) => {
    const reached = walk({ ...variant, faults: false })
    const ends = reached.filter(isQuiet)
    expect(ends.length).toBeGreaterThan(0)
    for (const { listener, dialer, listenerHas, dialerHas } of ends) {
      expect([listener.name, dialer.name]).toEqual(['COMPLETED', 'COMPLETED'])
      expect(dialerHas).toBe('confirmed')
      expect(['committed', 'confirmed']).toContain(listenerHas)
    }
  })
})

describe('both machines, whatever breaks', () => {
  const all = VARIANTS.flatMap((variant) => walk({ ...variant, faults: true }))

  it('send nothing that the order of messages does not allow', () => {
    // The walk throws otherwise; this only makes sure that it was one.
    expect(all.length).toBeGreaterThan(1_000)
  })

  it('reach every state there is', () => {
    expect(names(all, 'listener')).toEqual(new Set(Object.keys(LISTENER_TABLE)))
    expect(names(all, 'dialer')).toEqual(new Set(Object.keys(DIALER_TABLE)))
  })

  it('never complete on one side what the other side has thrown away', () => {
    for (const { listener, dialer, listenerHas, dialerHas } of all) {
      if (dialer.name === 'COMPLETED') expect(['committed', 'confirmed']).toContain(listenerHas)
      if (listener.name === 'COMPLETED' && listener.only === undefined)
        expect(['committed', 'confirmed']).toContain(listenerHas)
      if (dialerHas === 'discarded') expect(['released']).toContain(listenerHas)
    }
  })

  it('never promise a use twice nor free a promised one', () => {
    // `walk` throws on a release after the commit point; what is confirmed on one side stands on the other.
    for (const { listenerHas, dialerHas } of all) {
      if (dialerHas === 'confirmed') expect(['committed', 'confirmed']).toContain(listenerHas)
      if (listenerHas === 'confirmed') expect(['held', 'confirmed']).toContain(dialerHas)
    }
  })

  it('wait for nothing but a clock when nothing is under way and the stream is gone', () => {
    for (const at of all.filter((each) => isQuiet(each) && !each.open)) {
      expect(FINAL).toContain(at.listener.name)
      expect(FINAL).toContain(at.dialer.name)
    }
  })
})
