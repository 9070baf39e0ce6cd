import { createSocket } from 'node:dgram'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

/** What it does with one action. `silent`: it never answers. A number: it refuses with that code. A text: it answers that. */
export type Whim = 'silent' | number | { readonly text: string } | undefined

export interface FakeRouterInit {
  /** Of UPnP's WANIPConnection. @default 2 */
  readonly version?: 1 | 2
  /** Where it says that it describes itself. @default at itself */
  readonly location?: (port: number) => string
  /** Where it says that it is asked. @default at itself */
  readonly control?: string
}

export interface Entry {
  readonly client: string
  readonly port: string
  readonly lease: string
  readonly description: string
}

/** A router on loopback that maps nothing, and says that it does: for what real ones are not asked to do. */
export interface FakeRouter {
  /** Where it hears the search. */
  readonly group: { readonly host: string; readonly port: number }
  /** By the port outside. */
  readonly entries: Map<string, Entry>
  readonly actions: string[]
  external: string
  whim: (action: string, values: ReadonlyMap<string, string>) => Whim
  /** From now on nobody answers there, or again. */
  isGone: boolean
}

const SERVICE = 'urn:schemas-upnp-org:service:WANIPConnection'

export async function fakeRouter({
  version = 2,
  location = (port) => `http://127.0.0.1:${port}/root.xml`,
  control = '/control',
}: FakeRouterInit = {}): Promise<FakeRouter> {
  const socket = createSocket('udp4')
  const state: FakeRouter = {
    group: { host: '127.0.0.1', port: 0 },
    entries: new Map(),
    actions: [],
    external: '8.8.4.4',
    whim: () => undefined,
    isGone: false,
  }
  const server = createServer((request, response) => {
    if (state.isGone) request.socket.destroy()
    else if (request.url === '/root.xml') response.end(description(version, control))
    else void act(state, request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  socket.on('message', (bytes, from) => {
    if (state.isGone || !String(bytes).startsWith('M-SEARCH * HTTP/1.1\r\n')) return
    const lines = ['HTTP/1.1 200 OK', 'CACHE-CONTROL: max-age=120', `LOCATION: ${location(port)}`]
    socket.send(`${lines.join('\r\n')}\r\n\r\n`, from.port, from.address)
  })
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    socket.close()
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  return Object.assign(state, { group: { host: '127.0.0.1', port: socket.address().port } })
}

function description(version: number, control: string): string {
  return `<?xml version="1.0"?><root xmlns="urn:schemas-upnp-org:device-1-0"><device><serviceList>
    <service><serviceType>urn:schemas-upnp-org:service:Layer3Forwarding:1</serviceType><controlURL>/l3</controlURL></service>
    <service><serviceType>${SERVICE}:${version}</serviceType><controlURL>${control}</controlURL></service>
    </serviceList></device></root>`
}

async function act(
  state: FakeRouter,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  let body = ''
  for await (const chunk of request) body += String(chunk)
  const [, action = ''] = /#(\w+)"$/.exec(String(request.headers['soapaction'])) ?? []
  const values = new Map(
    [...body.matchAll(/<(New\w+)>([^<]*)</g)].map(([, name = '', value = '']) => [name, value]),
  )
  state.actions.push(action)
  const whim = state.whim(action, values)
  if (whim === 'silent') return
  const told = whim ?? perform(state, action, values)
  if (typeof told === 'number') {
    response.writeHead(500)
    response.end(`<s:Fault><errorCode>${told}</errorCode></s:Fault>`)
  } else {
    const { text } = told
    response.end(whim === undefined ? `<u:${action}Response>${text}</u:${action}Response>` : text)
  }
}

function perform(
  { entries, external }: FakeRouter,
  action: string,
  values: ReadonlyMap<string, string>,
): number | { readonly text: string } {
  const of = (name: string): string => values.get(`New${name}`) ?? ''
  const port = of('ExternalPort')
  const entry = entries.get(port)
  const isTaken = entry !== undefined && entry.client !== of('InternalClient')
  const made = {
    client: of('InternalClient'),
    port: of('InternalPort'),
    lease: of('LeaseDuration'),
    description: of('PortMappingDescription'),
  }
  switch (action) {
    case 'GetExternalIPAddress':
      return { text: `<NewExternalIPAddress>${external}</NewExternalIPAddress>` }
    case 'AddAnyPortMapping': {
      const given = isTaken ? String(Number(port) + 1) : port
      entries.set(given, made)
      return { text: `<NewReservedPort>${given}</NewReservedPort>` }
    }
    case 'AddPortMapping':
      if (isTaken) return 718
      entries.set(port, made)
      return { text: '' }
    case 'GetSpecificPortMappingEntry':
      if (entry === undefined) return 714
      return {
        text: `<NewInternalPort>${entry.port}</NewInternalPort><NewInternalClient>${entry.client}</NewInternalClient>`,
      }
    case 'DeletePortMapping':
      return entries.delete(port) ? { text: '' } : 714
    default:
      return 401
  }
}
