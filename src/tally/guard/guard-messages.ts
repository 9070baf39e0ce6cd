import type { ChangeSignature } from '../../protocol/sync/change-signature.ts'
import type { SyncStop } from '../errors.ts'
import type { CheckedChanges } from './change-check.ts'
import type { OwnMessage } from './message-batches.ts'
import type { OwnDocument, TakenChanges } from './synced-document.ts'

/** A request to a thread that holds one document at a time. @param own the document that it is about, if it is a new one */
export type GuardRequest = GuardQuestion & { readonly own?: OwnDocument }

export type GuardQuestion =
  | { readonly op: 'heads' }
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
  | { readonly kind: 'told'; readonly heads: readonly string[] }
  | { readonly kind: 'said'; readonly message: OwnMessage | undefined }
  | { readonly kind: 'taken'; readonly taken: TakenChanges | undefined }
  | { readonly kind: 'checked'; readonly checked: CheckedChanges }
  | { readonly kind: 'refused'; readonly stop: SyncStop }
