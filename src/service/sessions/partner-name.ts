import { ownMember } from '../../protocol/base/own-member.ts'
import type { IdentityBundle } from '../../protocol/message/messages.ts'
import type { RecordStore } from '../../store/query/record-store.ts'
import { tallyRecords } from '../../store/records/tally-records.ts'

/** The name that the partner of a tally has disclosed, if it has. Foreign text. @throws StoreError */
export async function partnerName(
  store: Pick<RecordStore, 'query'>,
  tallyId: string,
): Promise<string | undefined> {
  return nameIn(await store.query(() => tallyRecords.partnerIdentity(tallyId)))
}

/** The name among what a party has disclosed; an empty one is none. */
export function nameIn(identity: IdentityBundle | undefined): string | undefined {
  const name = identity === undefined ? undefined : ownMember(identity, 'name')
  return name === '' ? undefined : name
}
