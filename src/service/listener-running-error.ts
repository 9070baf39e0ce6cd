/** Another process already listens for this data directory. */
export class ListenerRunningError extends Error {
  override readonly name = 'ListenerRunningError'
  readonly code = 'listener_running'
  /** Its process id, if it answered. */
  readonly pid: number | undefined

  constructor(directory: string, pid: number | undefined) {
    const who = pid === undefined ? 'Another process' : `Process ${pid}`
    super(`${who} already listens for ${directory}`)
    this.pid = pid
  }
}
