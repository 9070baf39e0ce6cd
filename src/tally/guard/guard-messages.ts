import type { ChangeSignature } from '../../protocol/sync/change-signature.ts'
import type { SyncStop } from '../errors.ts'
import type { CheckedChanges } from './change-check.ts'
import type { OwnDocument, OwnMessage, TakenChanges } from './synced-document.ts'

/** A request to a thread that holds one document at a time. */
export type GuardRequest =
  /** Lets go of the document before. */
  | { readonly op: 'open'; readonly own: OwnDocument }
  | { readonly op: 'generate' }
  | {
      readonly op: 'receive'
      readonly message: Uint8Array
      readonly signatures: readonly ChangeSignature[]
    }
  | {
      readonly op: 'check'
      readonly changes: readonly Uint8Array[]
      readonly signatures: readonly ChangeSignature[]
    }

/** Its answer. */
export type GuardAnswer =
  | { readonly kind: 'opened'; readonly heads: readonly string[] }
  | { readonly kind: 'said'; readonly message: OwnMessage | undefined }
  | { readonly kind: 'taken'; readonly taken: TakenChanges | undefined }
  | { readonly kind: 'checked'; readonly checked: CheckedChanges }
  | { readonly kind: 'refused'; readonly stop: SyncStop }
