import { noise } from '@chainsafe/libp2p-noise'
import { yamux } from '@chainsafe/libp2p-yamux'
import { autoNATv2 } from '@libp2p/autonat-v2'
import { circuitRelayServer } from '@libp2p/circuit-relay-v2'
import { identify } from '@libp2p/identify'
import { tcp } from '@libp2p/tcp'
import { createLibp2p } from 'libp2p'

// A relay of libp2p as it comes, which dials back whoever asks: started as a process, it listens where its arguments say.
const node = await createLibp2p({
  addresses: { listen: process.argv.slice(2) },
  transports: [tcp()],
  connectionEncrypters: [noise()],
  streamMuxers: [yamux()],
  services: { relay: circuitRelayServer(), identify: identify(), autonat: autoNATv2() },
})
process.stdout.write('ready\n')
process.once('SIGTERM', () => void node.stop())
