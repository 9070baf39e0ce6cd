import { compact } from '../../protocol/base/compact.ts'
import type { AgreedTerms, OfferedTerms } from '../../session/machine/listener-state.ts'
import type { Tables } from '../work/tables.ts'
import { by } from './order.ts'
import type { TokenRow } from './row-types.ts'
import { pair, type Rows } from './rows.ts'

/** The tokens that this node issued, and those of a foreign token hook. */
export function memoryTokens(rows: Rows): Tables['tokens'] {
  const { tokens } = rows
  return {
    grantOf: (tokenId) => {
      const row = tokens.get(tokenId)
      if (row === undefined) return undefined
      const { uses: usesAllowed, role, expiresAt, required, optional, terms, revision } = row
      const shown = { required, optional, terms, revision }
      const byHand = row.byHand ? (true as const) : undefined
      return compact({ tokenId, role, expiresAt, usesAllowed, ...shown, byHand })
    },
    isRevoked: (id) => tokens.get(id)?.revokedAt !== undefined,
    mirror: ({
      id,
      role,
      uses,
      issuedAt,
      expiresAt,
      required,
      optional,
      terms,
      byHand = false,
    }) => {
      const limits = { id, role, uses, issuedAt, expiresAt, required, optional, terms, byHand }
      if (tokens.add({ ...limits, secretHash: undefined, ...UNTOUCHED })) return true
      const changed = tokens.update(
        id,
        (row) =>
          row.secretHash === undefined &&
          (row.uses !== uses || row.expiresAt !== expiresAt || row.byHand !== byHand),
        () => ({ uses, expiresAt, byHand, forgottenAt: undefined }),
      )
      const isForeign = tokens.get(id)?.secretHash === undefined
      const hasNewTerms = isForeign && changeTerms(rows, id, { required, optional, terms })
      return changed !== undefined || hasNewTerms
    },
    ownByHand: (id) => ownByHand(tokens.get(id)),
    revoke: (id, at) => {
      const revoked = tokens.update(
        id,
        ({ revokedAt }) => revokedAt === undefined,
        () => ({ revokedAt: at }),
      )
      return revoked !== undefined
    },
  }
}

function ownByHand(row: TokenRow | undefined): boolean | undefined {
  return row?.secretHash === undefined ? undefined : row.byHand
}

/** The state of a token that was only just stored. */
export const UNTOUCHED = {
  ...{
    forgottenAt: undefined,
    revokedAt: undefined,
    pausedAt: undefined,
    expiryNotedAt: undefined,
  },
  ...{ revision: 0, pastTerms: {} as TokenRow['pastTerms'] },
}

/** Offers these terms from now on. False if the token has them already. */
export function changeTerms(
  { tokens, usesOnTerms }: Rows,
  id: string,
  offered: OfferedTerms,
): boolean {
  const changed = tokens.update(
    id,
    (row) => !hasTerms(row, offered),
    (row) => {
      const { revision, pastTerms } = row
      const isUsed = usesOnTerms.count(pair(id, String(revision))) > 0
      const kept = isUsed ? { ...pastTerms, [revision]: offeredIn(row) } : pastTerms
      return { ...offered, revision: revision + 1, pastTerms: kept }
    },
  )
  return changed !== undefined
}

/** Keeps the terms that a use was agreed on, if the token had them before and has others by now. */
export function keepAgreed({ tokens }: Rows, id: string, grant: AgreedTerms): void {
  const { revision } = grant
  if (revision === undefined) return
  const isOf = (row: TokenRow) => revision < row.revision && row.pastTerms[revision] === undefined
  tokens.update(id, isOf, ({ pastTerms }) => ({
    pastTerms: { ...pastTerms, [revision]: offeredIn(grant) },
  }))
}

/** True if these are the terms that the token has now. */
export function hasTerms(row: OfferedTerms, offered: OfferedTerms): boolean {
  return JSON.stringify(offeredIn(row)) === JSON.stringify(offeredIn(offered))
}

function offeredIn({ required, optional, terms }: OfferedTerms): OfferedTerms {
  return { required, optional, terms }
}

/** Finds and notes invitations that have run out. */
export function memoryExpiries(rows: Rows): Tables['expiry'] {
  const due = (now: number) => rows.tokens.all().filter((row) => isDue(rows, row, now))
  return {
    isDue: (now) => due(now).length > 0,
    note: (now, limit) => {
      const noted = due(now)
        .toSorted(
          by(
            ({ expiresAt }) => expiresAt,
            ({ id }) => id,
          ),
        )
        .slice(0, limit)
      if (noted.length === 0) return undefined
      for (const row of noted) rows.tokens.put({ ...row, expiryNotedAt: now })
      return noted
        .map((row) => {
          const { id: tokenId, expiresAt, uses } = row
          return { tokenId, expiresAt, uses, used: usedOf(rows, row) }
        })
        .filter(({ uses, used }) => uses === null || used < uses)
    },
  }
}

function isDue(rows: Rows, row: TokenRow, now: number): boolean {
  const { expiresAt, expiryNotedAt, revokedAt, secretHash, uses } = row
  const isOver = expiryNotedAt !== undefined || revokedAt !== undefined
  if (expiresAt > now || isOver || secretHash === undefined) return false
  // What came in time may yet be said yes to.
  if (rows.requestsOfToken.count(row.id) > 0) return false
  // One whose last uses are still reserved has to wait: it may yet be used up.
  return uses === null || rows.takenOfToken.count(row.id) < uses || usedOf(rows, row) >= uses
}

function usedOf({ reservedOfToken, takenOfToken }: Rows, { id }: TokenRow): number {
  return takenOfToken.count(id) - reservedOfToken.count(id)
}
