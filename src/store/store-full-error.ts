import { StoreError } from './store-error.ts'

/**
 * There was no room for what was to be written. SQLite took all of it back before it said so, and nothing of it can
 * come to light later: when there is room, the same store goes on.
 */
export class StoreFullError extends StoreError {
  override readonly name = 'StoreFullError'
  override readonly code = 'disk_full'

  constructor(path: string, options?: ErrorOptions) {
    super(path, 'has no room left on its disk', options)
  }
}
