import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { StoreDamagedError } from '../errors.ts'
import { readSmallFile } from './read-small-file.ts'
import { syncDirectory } from './write-durably.ts'

/** Longest marker, bytes: an id, and the name of a place. */
const MAX_MARKER_BYTES = 1_024

/** An id of 32 digits; on a line of its own, the place. */
const MARKER = /^(?<id>[0-9a-f]{32})(?:\n(?<place>[^\n]+))?\n?$/

/** A data directory's memory of the store that it has, so that one that is lost is never replaced by an empty one. */
export interface StoreMarker {
  /** The store's own id. */
  readonly id: string
  /** The place of a store on a server, to people. @default the file in the directory */
  readonly place?: string
}

/** The part of a data directory that this is about. */
interface StorePath {
  /** The path of the store's file. */
  readonly storeFile: string
}

/** True if the directory has, or had, a store: its file, or one on a server. */
export function hasStore(directory: StorePath): boolean {
  return existsSync(directory.storeFile) || existsSync(markerOf(directory))
}

/** Returns undefined if there never was a store. @throws StoreDamagedError if it is no marker */
export function readMarker(directory: StorePath): StoreMarker | undefined {
  const path = markerOf(directory)
  if (!existsSync(path)) return undefined
  const handle = openSync(path, 'r')
  const text = readSmallFile(handle, MAX_MARKER_BYTES)?.toString('utf8') ?? ''
  closeSync(handle)
  const { id, place } = MARKER.exec(text)?.groups ?? {}
  if (id === undefined) throw new StoreDamagedError(path, 'is damaged')
  return place ? { id, place } : { id }
}

/** Durable before this returns; the one before is replaced whole or not at all. */
export function writeMarker(directory: StorePath, { id, place }: StoreMarker): void {
  const path = markerOf(directory)
  const draft = `${path}.new-${process.pid}`
  const handle = openSync(draft, 'w', 0o600)
  try {
    writeSync(handle, place === undefined ? `${id}\n` : `${id}\n${place}\n`)
    fsyncSync(handle)
  } catch (error) {
    rmSync(draft, { force: true })
    throw error
  } finally {
    closeSync(handle)
  }
  renameSync(draft, path)
  syncDirectory(dirname(path))
}

/** The marker's path. */
export function markerOf({ storeFile }: StorePath): string {
  return `${storeFile}.id`
}
