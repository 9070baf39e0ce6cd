/** Own IP addresses that are remembered: more than a computer has; some change every day. */
const MAX_HOSTS = 256

/** This computer's own IP addresses through which somebody else has come in. */
export class ProvenHosts {
  readonly #hosts = new Set<string>()

  /**
   * Notes a connection that has proved who it is.
   * @param local this side's IP address
   * @param remote the other's: whoever is on this computer proves nothing about the way to it
   */
  met(local: string | undefined, remote: string | undefined): void {
    if (local === undefined || local === remote) return
    const host = local.replace(/^::ffff:(?=[\d.]+$)/, '')
    this.#hosts.delete(host)
    this.#hosts.add(host)
    const [oldest] = this.#hosts
    if (this.#hosts.size > MAX_HOSTS && oldest !== undefined) this.#hosts.delete(oldest)
  }

  has(host: string): boolean {
    return this.#hosts.has(host)
  }
}
