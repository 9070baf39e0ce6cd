#!/usr/bin/env bash
# @achingbrain/nat-port-mapper@4.0.5
#
# Expected: a mapping that is ended is the one that was made: where the router has given another port outside, because
#   somebody else has the wanted one, that other port is removed.
# Seen: the port outside that equals the one inside is removed, which is the neighbour's; the one that was given stays.
# So: taleus remembers the port that was given, and asks the router before the end whether it still leads here.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{ "private": true, "type": "module" }' > package.json
npm install --silent --no-audit --no-fund @achingbrain/nat-port-mapper@4.0.5
cat > run.mjs <<'JS'
import { createServer } from 'node:http'
import { upnpNat } from '@achingbrain/nat-port-mapper'

function judge(seen, expected) {
  console.log('seen    ', JSON.stringify(seen))
  console.log('recorded', JSON.stringify(expected))
  process.exit(JSON.stringify(seen) === JSON.stringify(expected) ? 0 : 1)
}

const TYPE = 'urn:schemas-upnp-org'
const ROOT = `<root><device><deviceType>${TYPE}:device:InternetGatewayDevice:2</deviceType><UDN>uuid:1</UDN><serviceList>
<service><serviceType>${TYPE}:service:WANIPConnection:2</serviceType><controlURL>/c</controlURL><SCPDURL>/s</SCPDURL></service>
</serviceList></device></root>`
const SOAP = 'http://schemas.xmlsoap.org/soap/envelope/'
const RESULTS = {
  AddAnyPortMapping: '<NewReservedPort>4711</NewReservedPort>',
  GetExternalIPAddress: '<NewExternalIPAddress>192.0.2.1</NewExternalIPAddress>',
}
let removed
const router = createServer(async (request, response) => {
  response.setHeader('content-type', 'text/xml')
  if (request.method === 'GET') return response.end(ROOT)
  let body = ''
  for await (const chunk of request) body += chunk
  const [, action] = /#(\w+)/.exec(request.headers.soapaction)
  if (action === 'DeletePortMapping') [, removed] = /<NewExternalPort>(\d+)</.exec(body)
  const result = `<u:${action}Response xmlns:u="x">${RESULTS[action] ?? ''}</u:${action}Response>`
  response.end(`<s:Envelope xmlns:s="${SOAP}"><s:Body>${result}</s:Body></s:Envelope>`)
})
await new Promise((resolve) => router.listen(0, '127.0.0.1', resolve))
const gateway = await upnpNat({ autoRefresh: false }).getGateway(
  new URL(`http://127.0.0.1:${router.address().port}/root.xml`),
)
const { externalPort } = await gateway.map(4710, '192.168.1.2')
await gateway.stop()
judge({ given: externalPort, removed: Number(removed) }, { given: 4711, removed: 4710 })
JS
node run.mjs
