/** How what is written gets to the disk, for those who watch over that. */
export interface WatchedCommits {
  /** How many there were so far. */
  readonly commits: number
  /** For how long the oldest commit has been on its way to the disk, ms; 0 if none is. */
  readonly oldestCommitMs: number
  /**
   * Calls `tell` each time that commits reached the disk, with the number of pieces of work and the ms that the disk took.
   * One watcher at a time.
   * @returns a function that ends it
   */
  watchCommits(tell: (size: number, ms: number) => void): () => void
}
