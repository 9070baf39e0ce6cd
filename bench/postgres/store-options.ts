/** The invitation that all sessions of a measurement redeem. */
export const BENCH_TOKEN = 'token'

/** The store that a process opens. @property isFirst it issues the invitation */
export type StoreOptions = { readonly isFirst: boolean } & (
  | { readonly engine: 'sqlite'; readonly path: string }
  /** The password is in the environment. */
  | { readonly engine: 'postgres'; readonly url: string; readonly peerId: string }
)
