import type { DataDirectory } from '../../store/directory/data-directory.ts'
import { isProcessGone, takeProcessName } from '../../store/directory/process-name.ts'
import type { PartyStore } from '../../store/query/party-store.ts'
import type { SharingProcess } from './redeemer.ts'

/** Makes this process known to the others on the store. `release` gives its name back. */
export function sharingProcess(
  directory: DataDirectory,
  { nodes }: Pick<PartyStore, 'nodes'>,
): { readonly process: SharingProcess; readonly release: () => void } {
  const name = takeProcessName(directory)
  // Of a process of another directory nobody here knows.
  const isGone = (id: string) => isProcessGone(directory, id, nodes !== undefined)
  return { process: { id: name.id, isGone }, release: () => name.release() }
}
