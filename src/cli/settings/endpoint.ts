/** A place to listen, as `HOST:PORT` says. */
export interface Endpoint {
  readonly host: string
  /** 0: any that is free. */
  readonly port: number
}

/** A name, an IPv4 address, or an IPv6 address in brackets; then a port. */
const ENDPOINT = /^(?:\[([0-9a-f:.]{2,45})\]|([a-z0-9._-]{1,253})):(\d{1,5})$/i

/** Reads `127.0.0.1:9464`, `[::1]:9464`, `localhost:0`; undefined for anything else. */
export function parseEndpoint(text: string): Endpoint | undefined {
  const [, six, name, digits] = ENDPOINT.exec(text.trim()) ?? []
  const host = six ?? name
  const port = Number(digits)
  return host === undefined || port > 65_535 ? undefined : { host, port }
}

/** Whether only this computer itself gets there. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(host)
}
