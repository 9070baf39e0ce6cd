import type { SyncStop } from '../errors.ts'
import type { TakenChanges } from './synced-document.ts'

/** A request to the thread that holds a document. */
export type GuardRequest =
  | { readonly op: 'open' }
  | { readonly op: 'generate' }
  | { readonly op: 'receive'; readonly message: Uint8Array }

/** Its answer. */
export type GuardAnswer =
  | { readonly kind: 'opened'; readonly heads: readonly string[] }
  | { readonly kind: 'said'; readonly message: Uint8Array | undefined }
  | { readonly kind: 'taken'; readonly taken: TakenChanges | undefined }
  | { readonly kind: 'refused'; readonly stop: SyncStop }
