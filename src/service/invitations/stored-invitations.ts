import type { IssuedToken } from '../../store/ledger/tokens.ts'
import type { RecordStore } from '../../store/query/record-store.ts'
import type { TokenPage } from '../../store/records/token-page.ts'
import { tokenRecords } from '../../store/records/token-records.ts'

export type { IssuedToken }

/** Finds invitations whose id starts so, at most ten. @throws StoreError */
export function invitationsStartingWith(
  store: Pick<RecordStore, 'query'>,
  prefix: string,
): Promise<readonly IssuedToken[]> {
  return store.query(() => tokenRecords.startingWith(prefix))
}

/** Lists the invitations of a page, newest first, and counts those of all pages. @throws StoreError */
export function invitationPage(
  store: Pick<RecordStore, 'query'>,
  page: TokenPage,
): Promise<{ readonly found: readonly IssuedToken[]; readonly total: number }> {
  return store.query(function* () {
    const found = yield* tokenRecords.list(page)
    return { found, total: yield* tokenRecords.countWanted(page) }
  })
}
