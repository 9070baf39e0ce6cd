import type { JsonValue } from '../json/json-value.ts'
import { cadre } from '../message/message-field-schemas.ts'
import { MAX_CADRE } from '../message/message-limits.ts'
import type { IdentityBundle } from '../message/messages.ts'

/** The field of an identity that holds what an older peer calls itself: it proves nothing. */
const LABEL_FIELD = 'x-party-id'

/**
 * Puts an older peer's disclosure into ours: texts as they are, other values as JSON, and its label beside them.
 * @param label left out if it says nothing new
 */
export function identityOfLegacy(
  bundle: Readonly<Record<string, JsonValue>>,
  label: string | undefined,
  peerId: string,
): IdentityBundle {
  const told = Object.entries(bundle).map(([name, value]) => [
    name,
    typeof value === 'string' ? value : JSON.stringify(value),
  ])
  const isNews = label !== undefined && label !== '' && label !== peerId
  return Object.fromEntries(isNews ? [[LABEL_FIELD, label], ...told] : told)
}

/** Keeps the addresses that can be one of ours. */
export function cadreOfLegacy(addresses: readonly string[] = []): readonly string[] {
  return addresses.filter((each) => cadre.safeParse([each]).success).slice(0, MAX_CADRE)
}
