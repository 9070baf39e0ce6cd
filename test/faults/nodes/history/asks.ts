import type { Ask, Told } from './client-history.ts'

type ToldTally = Extract<Told, { readonly kind: 'tally' }>

/** An ask that came to a tally. */
export type GivenAsk = Ask & { readonly told: ToldTally }

export function isGiven(ask: Ask): ask is GivenAsk {
  return ask.told?.kind === 'tally'
}

/** True if a refusal was heard before then: whatever the ask had held was free by then. */
function isRefusedBefore({ told }: Ask, at: number): boolean {
  return told?.kind === 'refused' && told.at < at
}

/** Clients that may have held a use at some time within an ask, each once, and not who asked. */
export function rivals(asks: readonly Ask[], { client, at, told }: Ask): ReadonlySet<string> {
  const end = told?.at ?? Number.POSITIVE_INFINITY
  const able = asks.filter(
    (each) => each.client !== client && each.at < end && !isRefusedBefore(each, at),
  )
  return new Set(able.map((each) => each.client))
}

/** True if an earlier ask of the same client may still be under way, or may have come to something. */
export function mayBeOwn(asks: readonly Ask[], ask: Ask): boolean {
  return asks.some(
    (each) =>
      each !== ask &&
      each.client === ask.client &&
      each.at <= ask.at &&
      !isRefusedBefore(each, ask.at),
  )
}
