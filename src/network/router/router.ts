import { randomInt } from 'node:crypto'
import { isIPv4 } from 'node:net'
import type { FoundRouter } from './find-routers.ts'
import { askRouter, elements, elementText } from './router-http.ts'

/** A router said no, or what is no answer. */
export class RouterError extends Error {
  override readonly name = 'RouterError'
  /** The code of UPnP, if it gave one. */
  readonly upnpCode: number | undefined

  constructor(message: string, upnpCode?: number) {
    super(message)
    this.upnpCode = upnpCode
  }
}

/** Some routers tell nothing where others tell the private address that they were given. */
const NO_ADDRESS = 'tells no address outside: it is not connected, or another router is before it'

/** A port of this computer. */
export interface OwnPort {
  /** An IPv4 address of this computer. */
  readonly own: string
  readonly port: number
}

/** The services of a router that map ports, the best first; version 2 finds a free port by itself. */
const SERVICES = ['WANIPConnection:2', 'WANIPConnection:1', 'WANPPPConnection:1'].map(
  (service) => `urn:schemas-upnp-org:service:${service}`,
)

/** Codes of UPnP's WANIPConnection, version 2, and of its Device Architecture. */
const CODE = { invalidAction: 401, notImplemented: 602, conflict: 718, onlyPermanent: 725 } as const

/** Ports that are tried where the wanted one is taken, by chance out of those that programs use. */
const OTHER_PORTS = { tries: 4, from: 20_000, to: 32_000 }

/** The name under which a router lists what it has mapped. */
const DESCRIPTION = 'taleus'

/** A router that maps ports, by UPnP. Every request rejects soon after its signal is aborted. */
export class Router {
  /** Its address on the local network. */
  readonly host: string
  readonly #own: string
  readonly #control: URL
  readonly #service: string

  private constructor({ host, own }: FoundRouter, control: URL, service: string) {
    this.host = host
    this.#own = own
    this.#control = control
    this.#service = service
  }

  /** Reads a router's description. @throws RouterError if it maps no ports; Error if it does not answer */
  static async open(found: FoundRouter, signal: AbortSignal): Promise<Router> {
    const { location: url, own } = found
    const { text } = await askRouter({ url, own, signal })
    const services = elements(text, 'service').map((xml) => ({
      type: elementText(xml, 'serviceType'),
      control: elementText(xml, 'controlURL') ?? '',
    }))
    for (const wanted of SERVICES) {
      const service = services.find(({ type }) => type === wanted)
      if (service === undefined) continue
      const control = URL.parse(service.control, elementText(text, 'URLBase') ?? url.href)
      const isThere = control?.protocol === 'http:' && control.hostname === found.host
      if (isThere) return new Router(found, control, wanted)
    }
    throw new RouterError('maps no ports')
  }

  /** The address of this computer that it is reached from. */
  get own(): string {
    return this.#own
  }

  /** The IPv4 address that the router says it has outside. @throws RouterError */
  async externalAddress(signal: AbortSignal): Promise<string> {
    const answer = await this.#call('GetExternalIPAddress', {}, signal)
    const address = elementText(answer, 'NewExternalIPAddress') ?? ''
    if (address === '' || address === '0.0.0.0') throw new RouterError(NO_ADDRESS)
    if (!isIPv4(address)) throw new RouterError('does not say which address it has outside')
    return address
  }

  /**
   * Maps a port, or renews that.
   * @param external the port outside that is wanted
   * @param leaseSeconds how long it is to last; some routers keep it until it is removed
   * @returns the port outside, which may be another one
   * @throws RouterError
   */
  async map(
    port: OwnPort,
    external: number,
    leaseSeconds: number,
    signal: AbortSignal,
  ): Promise<number> {
    try {
      return await this.#mapOnce(port, external, leaseSeconds, signal)
    } catch (error) {
      if (codeOf(error) !== CODE.onlyPermanent) throw error
      return await this.#mapOnce(port, external, 0, signal)
    }
  }

  /** Removes a mapping, if it is one to this port. @throws RouterError */
  async unmap({ own, port }: OwnPort, external: number, signal: AbortSignal): Promise<void> {
    const entry = { NewRemoteHost: '', NewExternalPort: external, NewProtocol: 'TCP' }
    const answer = await this.#call('GetSpecificPortMappingEntry', entry, signal)
    const isOurs =
      elementText(answer, 'NewInternalClient') === own &&
      elementText(answer, 'NewInternalPort') === String(port)
    if (isOurs) await this.#call('DeletePortMapping', entry, signal)
  }

  async #mapOnce(
    port: OwnPort,
    external: number,
    leaseSeconds: number,
    signal: AbortSignal,
  ): Promise<number> {
    const wanted = mappingOf(port, external, leaseSeconds)
    if (this.#service.endsWith(':2')) {
      try {
        const answer = await this.#call('AddAnyPortMapping', wanted, signal)
        const reserved = Number(elementText(answer, 'NewReservedPort'))
        if (Number.isInteger(reserved) && reserved > 0 && reserved < 65_536) return reserved
        throw new RouterError('does not say which port it has mapped')
      } catch (error) {
        const code = codeOf(error)
        if (code !== CODE.invalidAction && code !== CODE.notImplemented) throw error
      }
    }
    return await this.#mapFree(port, external, leaseSeconds, signal)
  }

  /** Routers of the first version say only that a port is taken. */
  async #mapFree(
    port: OwnPort,
    external: number,
    leaseSeconds: number,
    signal: AbortSignal,
  ): Promise<number> {
    for (let tried = external, left: number = OTHER_PORTS.tries; ; left -= 1) {
      try {
        await this.#call('AddPortMapping', mappingOf(port, tried, leaseSeconds), signal)
        return tried
      } catch (error) {
        if (codeOf(error) !== CODE.conflict || left === 0) throw error
        tried = randomInt(OTHER_PORTS.from, OTHER_PORTS.to)
      }
    }
  }

  async #call(
    action: string,
    values: Readonly<Record<string, string | number>>,
    signal: AbortSignal,
  ): Promise<string> {
    const inner = Object.entries(values).map(([name, value]) => `<${name}>${value}</${name}>`)
    const body = `<?xml version="1.0"?>
<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" s:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/">
<s:Body><u:${action} xmlns:u="${this.#service}">${inner.join('')}</u:${action}></s:Body></s:Envelope>`
    const post = { action: `${this.#service}#${action}`, body }
    const { status, text } = await askRouter({ url: this.#control, own: this.#own, signal, post })
    if (status === 200 && text.includes(`${action}Response`)) return text
    const code = Number(elementText(text, 'errorCode') ?? Number.NaN)
    if (Number.isInteger(code)) throw new RouterError(`refuses that (code ${code})`, code)
    throw new RouterError(`answers what is no answer (status ${status})`)
  }
}

function mappingOf({ own, port }: OwnPort, external: number, leaseSeconds: number) {
  return {
    NewRemoteHost: '',
    NewExternalPort: external,
    NewProtocol: 'TCP',
    NewInternalPort: port,
    NewInternalClient: own,
    NewEnabled: 1,
    NewPortMappingDescription: DESCRIPTION,
    NewLeaseDuration: leaseSeconds,
  }
}

function codeOf(error: unknown): number | undefined {
  return error instanceof RouterError ? error.upnpCode : undefined
}
